package io.tokentropy.endpoint.truncation;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Room;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.Truncation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is kept of each row, in bytes, little-endian: a head and the tokens. A row is cut, written
 * and let go before its thread takes the next one, so that no more rows are in work than there are
 * threads.
 *
 * @param bytes of each row, in order
 * @param kept of each row
 */
public record PackedRows(List<byte[]> bytes, List<Kept> kept) {
  private static final byte[] NOTHING = {};

  /** What stands before the tokens of a row. */
  public interface Head {
    void put(Truncation kept, ByteBuffer bytes);
  }

  /**
   * Cuts and writes the rows.
   *
   * @param headBytes of the head of one row
   * @throws InvalidInput.MissingInput if a row is not known as a whole
   * @throws InvalidInput.LimitExceeded if more tokens are listed than an answer may
   */
  public static PackedRows of(
      TruncationRequest request,
      TokenFormat format,
      int headBytes,
      Head head,
      Workers workers,
      Room room) {
    List<Row> rows = request.input().rows();
    var kept = new Kept[rows.size()];
    var listed = new AtomicLong();
    List<byte[]> bytes =
        workers.map(
            rows.size(),
            request.operations(),
            i -> {
              if (!(rows.get(i) instanceof Distribution whole)) {
                throw new InvalidInput.MissingInput(
                    request.input().pointer(i), "a packed answer needs whole rows");
              }
              Truncation found = request.chain().of(whole);
              kept[i] = Kept.of(found);
              if (listed.addAndGet(format.listed(found)) > request.maxEntries().value()) {
                return NOTHING;
              }
              ByteBuffer part =
                  ByteBuffer.wrap(room.bytes(headBytes + format.bytes(found)))
                      .order(ByteOrder.LITTLE_ENDIAN);
              head.put(found, part);
              format.put(found, part);
              return part.array();
            });
    request.maxEntries().require("", listed.get());
    return new PackedRows(bytes, List.of(kept));
  }
}

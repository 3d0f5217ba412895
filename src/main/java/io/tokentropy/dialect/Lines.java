package io.tokentropy.dialect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts bytes into lines as they come, wherever a network has cut them: between the bytes of a
 * character, or between those of a line's end (LF, CR, or CR LF). A line comes out with the first
 * byte of its end.
 */
public final class Lines {
  private final ByteArrayOutputStream open = new ByteArrayOutputStream();
  private boolean afterReturn;

  /**
   * The next bytes, UTF-8.
   *
   * @param length how many of them count
   * @return the lines that they end, without their ends
   */
  public List<String> accept(byte[] bytes, int length) {
    var lines = new ArrayList<String>();
    int start = 0;
    for (int i = 0; i < length; i++) {
      byte each = bytes[i];
      if (each == '\n' && afterReturn) {
        start = i + 1;
      } else if (each == '\n' || each == '\r') {
        open.write(bytes, start, i - start);
        lines.add(take());
        start = i + 1;
      }
      afterReturn = each == '\r';
    }
    open.write(bytes, start, length - start);
    return lines;
  }

  /** The end of the bytes: the last line, if it has no end of its own. */
  public List<String> end() {
    return open.size() == 0 ? List.of() : List.of(take());
  }

  private String take() {
    String line = open.toString(StandardCharsets.UTF_8);
    open.reset();
    return line;
  }
}

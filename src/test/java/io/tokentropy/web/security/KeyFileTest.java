package io.tokentropy.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.logs.SparseLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class KeyFileTest {
  private static final String ONE = "1".repeat(64);
  private static final String TWO = "2".repeat(64);
  private static final FileTime TIME = FileTime.fromMillis(1_700_000_000_000L);

  @TempDir private Path folder;
  private final AtomicLong clock = new AtomicLong();
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("keys");
  }

  private KeyFile holding(String text) throws IOException {
    write(text);
    return new KeyFile(file, new SparseLog(LoggerFactory.getLogger(KeyFileTest.class)), clock::get);
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, TIME);
  }

  private void after(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private static List<String> in(KeyFile keys) {
    return keys.hashes().stream().map(HexFormat.of()::formatHex).toList();
  }

  @Test
  void whatIsOverwrittenWithinTheSameTickCountsForASecondAtMost() throws IOException {
    KeyFile keys = holding(ONE);
    write(TWO);
    after(KeyFile.AGAIN);
    assertThat(in(keys)).containsExactly(TWO);
  }

  @Test
  void anotherFileOfTheSameTimeAndSizeIsSeenAtOnce() throws IOException {
    KeyFile keys = holding(ONE);
    Path next = folder.resolve("next");
    Files.writeString(next, TWO);
    Files.setLastModifiedTime(next, TIME);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    assertThat(in(keys)).containsExactly(TWO);
  }

  @Test
  void aFileThatIsMissingIsWaitedForAndThenHoldsNothing() throws IOException {
    KeyFile keys = holding(ONE);
    Files.delete(file);
    assertThat(in(keys)).containsExactly(ONE);
    after(KeyFile.GRACE);
    assertThat(in(keys)).isEmpty();
    write(TWO);
    assertThat(in(keys)).containsExactly(TWO);
  }

  /** The writer is slow: the cut line never counts, and neither does what is not there any more. */
  @Test
  void aFileThatIsHalfWrittenIsWaitedForAndThenHoldsItsWholeLines() throws IOException {
    KeyFile keys = holding(ONE);
    write(TWO + "\n" + TWO.substring(40));
    assertThat(in(keys)).containsExactly(ONE);
    after(KeyFile.GRACE);
    assertThat(in(keys)).containsExactly(TWO);
  }

  @Test
  void anEmptiedFileClosesItsKeys() throws IOException {
    KeyFile keys = holding(ONE);
    write("# nobody\n");
    after(KeyFile.GRACE);
    assertThat(in(keys)).isEmpty();
  }

  /** However often it is looked at meanwhile. */
  @Test
  void aFileThatStaysFaultyDoesNotProlongItsGrace() throws IOException {
    KeyFile keys = holding(ONE);
    write("garbage");
    for (int i = 0; i < 10; i++) {
      after(KeyFile.GRACE.dividedBy(10));
      write("garbage".repeat(i + 1));
      keys.hashes();
    }
    assertThat(in(keys)).isEmpty();
  }

  @Test
  void theMarkAndTheLineEndsOfWindowsAreNoPartOfAKey() throws IOException {
    assertThat(in(holding("\uFEFF" + ONE + "\r\n" + TWO + "\r\n"))).containsExactly(ONE, TWO);
    assertThat(in(holding("\uFEFF# ours\r\n" + ONE))).containsExactly(ONE);
  }

  /** A line that is no hash may be a key. */
  @Test
  void aFaultNamesItsLineAndDoesNotQuoteIt() throws IOException {
    assertThatThrownBy(() -> holding("# ours\n\n" + ONE + "\nopen-sesame\n"))
        .hasMessageContaining("line 4")
        .hasMessageNotContaining("sesame");
    Files.write(file, (ONE + "\n").getBytes(StandardCharsets.UTF_16));
    assertThatThrownBy(() -> new KeyFile(file)).hasMessageContaining("line 1");
    Files.delete(file);
    assertThatThrownBy(() -> new KeyFile(file)).hasMessageContaining("cannot be read");
  }

  @Test
  void aFileWithoutEndIsNotReadToItsEnd() throws IOException {
    byte[] comment = new byte[2 << 20];
    Arrays.fill(comment, (byte) '#');
    Files.write(file, comment);
    assertThatThrownBy(() -> new KeyFile(file)).hasMessageContaining("longer than 1048576 bytes");
  }
}

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/**
 * What one client does: the same for the same seed and number.
 *
 * @param bytes what it sends
 * @param cuts where it stops for a while, in order
 * @param pause for how long, in milliseconds
 * @param part how much it reads at a time; 0 for nothing at all
 * @param end what it does when all is sent
 * @param linger milliseconds until it does so
 * @param management whether it calls the management port
 */
record Script(
    byte[] bytes, int[] cuts, int pause, int part, End end, int linger, boolean management) {

  /** What comes last. */
  enum End {
    /** Closes. */
    CLOSE,
    /** Closes as if it had died. */
    RESET,
    /** Says that it sends no more, and waits for the other end to close. */
    HALF,
    /** Sends a byte now and then until the other end has enough of it. */
    DRIP
  }

  private static final String[] PATHS = {
    "/livez",
    "/livez",
    "/health",
    "/readyz",
    "/metrics",
    "/v1/entropy",
    "/v1/entropy",
    "/v1/entropy",
    "/v1/truncation",
    "/v1/batch",
    "/v1/batch?url=/v1/entropy",
    "/v1/limits",
    "/docs",
    "/openapi.json",
    "/v1/nowhere",
    "/v1/entropy?probs=1",
    "/actuator/health",
    "/actuator/health/liveness",
    "/actuator/prometheus",
    "/v1%2fentropy",
    "/../x",
    "*"
  };

  private static final String[] METHODS = {
    "GET", "GET", "GET", "POST", "POST", "POST", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "BREW"
  };

  private static final String[] TYPES = {
    "application/json",
    "application/json",
    "application/json",
    "application/x-ndjson",
    "application/octet-stream",
    "text/event-stream",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded"
  };

  private static final String[] BODIES = {
    "{\"logits\":[[0,1,2,3]]}",
    "{\"probs\":[[0.5,0.5]],\"top_p\":0.9}",
    "{\"url\":\"/v1/entropy\",\"method\":\"POST\",\"body\":{\"probs\":[[1]]}}\n"
        + "{\"probs\":[[1]]}\n\n"
        + "[",
    "{",
    "",
    "data: {}\n\ndata: [DONE]\n\n",
    " "
  };

  private static final String[] LENGTHS = {
    "-1", "+3", "0x10", "99999999999", "18446744073709551617", "1,1", "", " 5", "67108865"
  };

  private static final String[] SIZES = {
    "g",
    "",
    "-1",
    "0x2",
    "7fffffff",
    "ffffffff",
    "fffffffff",
    "00000000000000001",
    "1 ",
    " 1",
    "1;",
    "1;=x"
  };

  static Script of(long seed, long number, String key) {
    var random = new SplittableRandom(seed * 1_000_003 + number);
    var out = new ByteArrayOutputStream();
    int roll = random.nextInt(100);
    int requests = roll < 70 ? 1 : roll < 92 ? 2 + random.nextInt(4) : roll < 99 ? 10 : 200;
    for (int i = 0; i < requests; i++) {
      request(random, key, requests == 200, out);
    }
    byte[] bytes = out.toByteArray();
    if (random.nextInt(20) == 0) {
      for (int i = 0; i <= random.nextInt(3); i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
    }
    boolean drips = random.nextInt(500) == 0;
    if (drips || random.nextInt(8) == 0) {
      bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
    }
    End end =
        drips
            ? End.DRIP
            : random.nextInt(3) == 0 ? End.HALF : random.nextInt(10) == 0 ? End.RESET : End.CLOSE;
    int part = end == End.HALF || random.nextInt(20) > 0 ? 65_536 : random.nextInt(3) * 50;
    int pause = random.nextInt(50) == 0 ? 300 : random.nextInt(8);
    int linger = random.nextInt(20) == 0 ? 0 : random.nextInt(60);
    return new Script(
        bytes, cuts(random, bytes.length), pause, part, end, linger, random.nextInt(8) == 0);
  }

  private static int[] cuts(SplittableRandom random, int length) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> random.ints(1 + random.nextInt(4), 0, length).sorted().distinct().toArray();
      case 3 -> random.ints(20, 0, Math.min(length, 200)).sorted().distinct().toArray();
      default -> new int[0];
    };
  }

  private static void request(
      SplittableRandom random, String key, boolean plain, ByteArrayOutputStream out) {
    if (plain) {
      text(out, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
      return;
    }
    String line = random.nextInt(40) == 0 ? "\n" : "\r\n";
    byte[] body = body(random);
    List<String> head = new ArrayList<>();
    head.add(
        one(random, METHODS)
            + " "
            + one(random, PATHS)
            + " "
            + (random.nextInt(40) == 0 ? "HTTP/1.0" : "HTTP/1.1"));
    if (random.nextInt(40) > 0) {
      head.add("Host: x");
    }
    if (random.nextInt(10) < 6) {
      head.add("Authorization: Bearer " + key);
    }
    if (random.nextInt(10) > 0) {
      head.add("Content-Type: " + one(random, TYPES));
    }
    if (random.nextInt(15) == 0) {
      head.add("Expect: " + (random.nextInt(5) == 0 ? "200-maybe" : "100-continue"));
    }
    if (random.nextInt(10) == 0) {
      head.add("Connection: " + one(random, "close", "keep-alive", "upgrade", "close, x"));
    }
    if (random.nextInt(20) == 0) {
      head.add("X-Request-Timeout-Ms: " + one(random, "1", "50", "-1", "x"));
    }
    if (random.nextInt(30) == 0) {
      head.add("X-Long: " + "y".repeat(random.nextInt(12_000)));
    }
    if (random.nextInt(10) == 0) {
      head.add("Content-Encoding: gzip");
      body = random.nextInt(4) == 0 ? body : zipped(random, body);
    }
    framed(random, head, body, line, out);
  }

  private static byte[] body(SplittableRandom random) {
    if (random.nextInt(10) == 0) {
      var bytes = new byte[random.nextInt(20_000)];
      random.nextBytes(bytes);
      return bytes;
    }
    String body = one(random, BODIES);
    return (random.nextInt(10) == 0 ? " ".repeat(random.nextInt(100_000)) + body : body)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] zipped(SplittableRandom random, byte[] body) {
    var out = new ByteArrayOutputStream();
    try {
      for (int i = 0; i <= random.nextInt(3); i++) {
        try (var gzip = new GZIPOutputStream(out)) {
          gzip.write(i == 0 ? body : new byte[0]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Says where the body ends, in one of many ways, most of them right. */
  private static void framed(
      SplittableRandom random,
      List<String> head,
      byte[] body,
      String line,
      ByteArrayOutputStream out) {
    int way = random.nextInt(20);
    boolean chunked = way >= 9 && way < 17;
    if (way < 7) {
      head.add("Content-Length: " + body.length);
    } else if (way == 7) {
      head.add("Content-Length: " + random.nextInt(2 * body.length + 200));
    } else if (way == 8) {
      head.add("Content-Length: " + one(random, LENGTHS));
    } else if (chunked) {
      head.add(
          "Transfer-Encoding: "
              + (random.nextInt(20) == 0
                  ? one(random, "gzip, chunked", "x", "Chunked")
                  : "chunked"));
    }
    if (random.nextInt(40) == 0) {
      head.add("Content-Length: " + body.length);
    }
    text(out, String.join(line, head) + line + line);
    if (chunked) {
      chunks(random, body, line, out);
    } else if (way < 19) {
      out.writeBytes(body);
    }
  }

  private static void chunks(
      SplittableRandom random, byte[] body, String line, ByteArrayOutputStream out) {
    boolean small = random.nextInt(10) == 0;
    int at = 0;
    while (at < body.length) {
      int size = Math.min(body.length - at, 1 + random.nextInt(small ? 8 : 5000));
      text(
          out,
          (random.nextInt(60) == 0 ? one(random, SIZES) : Integer.toHexString(size))
              + extension(random)
              + line);
      out.write(body, at, size);
      at += size;
      text(out, random.nextInt(100) == 0 ? one(random, "", "\r", "x\r\n") : line);
    }
    if (random.nextInt(15) == 0) {
      return;
    }
    text(out, "0" + extension(random) + line);
    if (random.nextInt(6) == 0) {
      for (int i = 0; i <= random.nextInt(4); i++) {
        text(
            out,
            one(
                    random,
                    "A: b",
                    "Content-Length: 3",
                    ": x",
                    "Z",
                    "B: " + "c".repeat(random.nextInt(6000)))
                + line);
      }
    }
    if (random.nextInt(15) > 0) {
      text(out, line);
    }
  }

  private static String extension(SplittableRandom random) {
    return random.nextInt(12) > 0
        ? ""
        : one(
            random,
            ";a",
            ";a=b",
            ";a=\"b;\\\"c\"",
            ";",
            ";;",
            " ;a",
            ";a=\u0001",
            ";a" + "b".repeat(random.nextInt(9000)));
  }

  private static String one(SplittableRandom random, String... of) {
    return of[random.nextInt(of.length)];
  }

  private static void text(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}

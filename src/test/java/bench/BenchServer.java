package bench;

import io.tokentropy.TokentropyApplication;
import io.tokentropy.distribution.Distribution;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.boot.SpringApplication;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service with two more paths to compare with: one reads a body whole and answers a constant,
 * one reads JSON as one does with Jackson. Started by {@code src/bench/wire.py}.
 */
public final class BenchServer {
  private BenchServer() {}

  public static void main(String[] args) {
    new SpringApplication(TokentropyApplication.class, Baselines.class).run(args);
  }

  /** What the service is compared with. */
  @RestController
  public static class Baselines {
    private static final byte[] CONSTANT = new byte[200];

    private final ThreadLocal<byte[]> buffers =
        ThreadLocal.withInitial(() -> new byte[4 * 1024 * 1024]);

    /** Rows as Jackson binds them. */
    public record Rows(double[][] logits) {}

    @PostMapping("/constant")
    public byte[] constant(InputStream body) throws IOException {
      byte[] buffer = buffers.get();
      body.readNBytes(buffer, 0, buffer.length);
      return CONSTANT;
    }

    @PostMapping("/jackson")
    public String jackson(InputStream body) {
      Rows rows = JsonMapper.shared().readValue(body, Rows.class);
      var answer = new StringBuilder("{\"entropy\":[");
      for (double[] row : rows.logits()) {
        answer.append(answer.length() > 12 ? "," : "");
        answer.append(Distribution.ofLogits(row, 1).entropy().low());
      }
      return answer.append("]}").toString();
    }
  }
}

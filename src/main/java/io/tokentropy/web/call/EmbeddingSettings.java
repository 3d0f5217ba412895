package io.tokentropy.web.call;

import io.tokentropy.embedding.Embedder;
import io.tokentropy.embedding.EmbeddingServer;
import io.tokentropy.embedding.MiniLm;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What turns texts into vectors.
 *
 * @param backend in this process, a server with OpenAI's embeddings, or nothing
 * @param modelFile another build of the model in this process, an {@code .onnx} file
 * @param url of the server's {@code /v1/embeddings}
 * @param model that the server is asked for
 * @param apiKey that the server wants
 * @param timeout of one call to the server
 * @param maxAnswerBytes of one answer of the server
 */
@ConfigurationProperties("tokentropy.embeddings")
record EmbeddingSettings(
    @DefaultValue("builtin") Backend backend,
    @Nullable Path modelFile,
    @Nullable URI url,
    @Nullable String model,
    @Nullable String apiKey,
    @DefaultValue("10s") Duration timeout,
    @DefaultValue("8388608") int maxAnswerBytes) {

  enum Backend {
    BUILTIN,
    SERVER,
    OFF
  }

  /** The back end; empty if it is switched off. */
  Optional<Embedder> embedder() {
    return switch (backend) {
      case OFF -> Optional.empty();
      case BUILTIN -> Optional.of(modelFile == null ? new MiniLm() : new MiniLm(modelFile));
      case SERVER -> {
        if (url == null || model == null) {
          throw new IllegalArgumentException(
              "TOKENTROPY_EMBEDDINGS_BACKEND is server; TOKENTROPY_EMBEDDINGS_URL and"
                  + " TOKENTROPY_EMBEDDINGS_MODEL are needed with it");
        }
        yield Optional.of(new EmbeddingServer(url, model, apiKey, timeout, maxAnswerBytes));
      }
    };
  }
}

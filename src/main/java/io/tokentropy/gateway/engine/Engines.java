package io.tokentropy.gateway.engine;

import io.tokentropy.upstream.ModelServer;
import java.util.Optional;

/** The engines of the kinds of servers that continue a text by its ids. */
public final class Engines {
  private Engines() {}

  /** The engine of a server; empty if nothing of its kind continues by ids. */
  public static Optional<Engine> of(ModelServer server) {
    return switch (server.config().kind()) {
      case LLAMACPP -> Optional.of(new LlamacppEngine(server));
      case VLLM -> Optional.of(new VllmEngine(server));
      case SGLANG, OLLAMA, OPENAI -> Optional.empty();
    };
  }
}

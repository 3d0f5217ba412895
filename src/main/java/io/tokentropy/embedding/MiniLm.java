package io.tokentropy.embedding;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * all-MiniLM-L6-v2 in this process: 384 dimensions, a quantised ONNX build that comes as a library.
 * It is loaded by the first text and shared from then on. As many callers run it as there are
 * cores; the others wait.
 */
public final class MiniLm implements Embedder {
  private final Semaphore permits = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  /** The model, once somebody needs it. */
  private static final class Loaded {
    static final AllMiniLmL6V2QuantizedEmbeddingModel MODEL =
        new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run);
  }

  @Override
  public String model() {
    return "all-MiniLM-L6-v2 (quantised)";
  }

  @Override
  public List<double[]> embed(List<String> texts) {
    permits.acquireUninterruptibly();
    try {
      var segments = texts.stream().map(TextSegment::from).toList();
      var vectors = new ArrayList<double[]>(segments.size());
      for (var embedding : Loaded.MODEL.embedAll(segments).content()) {
        float[] floats = embedding.vector();
        var vector = new double[floats.length];
        for (int i = 0; i < vector.length; i++) {
          vector[i] = floats[i];
        }
        vectors.add(vector);
      }
      return vectors;
    } catch (LinkageError e) {
      throw new EmbeddingUnavailable("the built-in model cannot be loaded on this machine", e);
    } finally {
      permits.release();
    }
  }
}

package io.tokentropy.embedding;

import ai.onnxruntime.OrtException;
import io.tokentropy.embedding.Embeddings.LongText;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.refusal.Wanted;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * all-MiniLM-L6-v2 in this process: 384 dimensions, a quantised build that comes as a library, or a
 * file of another precision. It is loaded by the first text and shared from then on. As many texts
 * are embedded at once as there are cores, each by its caller's thread; the others wait.
 *
 * @see <a href="https://arxiv.org/abs/2002.10957">MiniLM</a>
 */
public final class MiniLm implements Embedder {
  /** The model has 512 places, two of which mark beginning and end. */
  static final int LIMIT = 510;

  private static final String BUILT_IN = "/all-minilm-l6-v2-q.onnx";
  private static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";

  private final Semaphore permits = new Semaphore(Runtime.getRuntime().availableProcessors(), true);
  private final @Nullable Path file;
  private @Nullable Loaded loaded;

  /** The model, once somebody needs it. */
  private record Loaded(WordPieces pieces, OnnxEncoder encoder) {}

  /** The quantised build. */
  public MiniLm() {
    this.file = null;
  }

  /**
   * Another build of the same model.
   *
   * @param file an {@code .onnx} file, loaded when the first text comes
   * @throws IllegalArgumentException if there is no such file that can be read
   */
  public MiniLm(Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "the embedding model is " + file + ", expected an .onnx file that can be read");
    }
    this.file = file;
  }

  @Override
  public String model() {
    return "all-MiniLM-L6-v2 (" + (file == null ? "quantised" : file.getFileName()) + ")";
  }

  @Override
  public boolean countsPieces() {
    return true;
  }

  @Override
  public Embeddings embed(List<String> texts, LongTexts longTexts) {
    try {
      Loaded model = loaded();
      var pieces = new ArrayList<int[]>(texts.size());
      var tooLong = new ArrayList<LongText>();
      for (String text : texts) {
        Wanted.orStop();
        int[] ids = model.pieces().of(text);
        if (ids.length > LIMIT) {
          tooLong.add(new LongText(pieces.size(), ids.length, LIMIT));
        }
        pieces.add(ids);
      }
      if (longTexts == LongTexts.REFUSE && !tooLong.isEmpty()) {
        throw refused(tooLong.getFirst());
      }
      var vectors = new ArrayList<double[]>(texts.size());
      for (int[] ids : pieces) {
        vectors.add(
            longTexts == LongTexts.MEAN ? mean(model, ids) : vector(model, ids, 0, ids.length));
      }
      return new Embeddings(vectors, tooLong);
    } catch (OrtException | IOException | LinkageError e) {
      throw new EmbeddingUnavailable("the built-in model cannot run on this machine", e);
    }
  }

  private static InvalidInput refused(LongText text) {
    return new InvalidInput.ParameterOutOfRange(
            "/" + text.index(),
            "a text of " + text.pieces() + " word pieces",
            "at most " + text.limit() + ", which the embedding model takes whole")
        .withHint(
            "Set long_texts to mean (of windows that together are the whole text) or truncate.");
  }

  /** The mean of windows of equal length, as few as there can be. */
  private double[] mean(Loaded model, int[] ids) throws OrtException {
    int windows = Math.max(1, Math.ceilDiv(ids.length, LIMIT));
    double[] sum = vector(model, ids, 0, ids.length / windows);
    for (int w = 1; w < windows; w++) {
      int from = (int) ((long) w * ids.length / windows);
      int to = (int) ((w + 1L) * ids.length / windows);
      double[] next = vector(model, ids, from, to);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += next[i];
      }
    }
    return windows == 1 ? sum : OnnxEncoder.unit(sum);
  }

  /** The vector of the first so many of these pieces that the model takes. */
  private double[] vector(Loaded model, int[] ids, int from, int to) throws OrtException {
    Wanted.orStop();
    int n = Math.min(to - from, LIMIT);
    var marked = new long[n + 2];
    marked[0] = model.pieces().id("[CLS]");
    for (int i = 0; i < n; i++) {
      marked[1 + i] = ids[from + i];
    }
    marked[1 + n] = model.pieces().id("[SEP]");
    permits.acquireUninterruptibly();
    try {
      return model.encoder().of(marked);
    } finally {
      permits.release();
    }
  }

  private synchronized Loaded loaded() throws IOException, OrtException {
    Loaded model = loaded;
    if (model == null) {
      model = new Loaded(pieces(), file == null ? builtIn() : OnnxEncoder.of(file));
      loaded = model;
    }
    return model;
  }

  private static WordPieces pieces() throws IOException {
    try (InputStream in = resource(TOKENIZER).getInputStream()) {
      return WordPieces.of(in.readAllBytes());
    }
  }

  /** Past the heap, which may be hardly larger than the model. */
  private static OnnxEncoder builtIn() throws IOException, OrtException {
    URLConnection resource = resource(BUILT_IN);
    try (Arena arena = Arena.ofConfined();
        ReadableByteChannel in = Channels.newChannel(resource.getInputStream())) {
      ByteBuffer model = arena.allocate(resource.getContentLengthLong()).asByteBuffer();
      while (model.hasRemaining()) {
        if (in.read(model) < 0) {
          throw new EOFException(BUILT_IN);
        }
      }
      return OnnxEncoder.of(model.flip());
    }
  }

  private static URLConnection resource(String name) throws IOException {
    URL url = MiniLm.class.getResource(name);
    if (url == null) {
      throw new FileNotFoundException(name);
    }
    return url.openConnection();
  }
}

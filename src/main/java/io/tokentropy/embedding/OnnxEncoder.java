package io.tokentropy.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;

/**
 * A sentence encoder of BERT's kind in ONNX: the mean of what its last layer says of each piece,
 * scaled to length 1. One text at a time, on the caller's thread alone: a quantised model scales by
 * what is in the batch, so that a text among others would have another vector than by itself.
 */
final class OnnxEncoder {
  private final OrtEnvironment environment;
  private final OrtSession session;

  private OnnxEncoder(OrtEnvironment environment, OrtSession session) {
    this.environment = environment;
    this.session = session;
  }

  /** Loads an {@code .onnx} file. */
  static OnnxEncoder of(Path file) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (var options = options()) {
      return new OnnxEncoder(environment, environment.createSession(file.toString(), options));
    }
  }

  /**
   * Loads what an {@code .onnx} file holds.
   *
   * @param model in direct memory, which is not needed any more afterwards
   */
  static OnnxEncoder of(ByteBuffer model) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (var options = options()) {
      return new OnnxEncoder(environment, environment.createSession(model, options));
    }
  }

  private static OrtSession.SessionOptions options() throws OrtException {
    var options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    return options;
  }

  /** The vector of the pieces, first and last mark included; of length 1. */
  double[] of(long[] pieces) throws OrtException {
    long[] shape = {1, pieces.length};
    var all = new long[pieces.length];
    Arrays.fill(all, 1);
    try (var ids = OnnxTensor.createTensor(environment, LongBuffer.wrap(pieces), shape);
        var mask = OnnxTensor.createTensor(environment, LongBuffer.wrap(all), shape);
        var types =
            OnnxTensor.createTensor(environment, LongBuffer.allocate(pieces.length), shape)) {
      var inputs = new HashMap<String, OnnxTensor>();
      inputs.put("input_ids", ids);
      inputs.put("attention_mask", mask);
      inputs.put("token_type_ids", types);
      try (OrtSession.Result result = session.run(inputs)) {
        return mean(((OnnxTensor) result.get(0)).getFloatBuffer(), pieces.length);
      }
    }
  }

  private static double[] mean(FloatBuffer states, int n) {
    var sum = new double[states.remaining() / n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < sum.length; j++) {
        sum[j] += states.get(i * sum.length + j);
      }
    }
    return unit(sum);
  }

  /** The same direction with length 1; zeros stay. */
  static double[] unit(double[] vector) {
    double norm = Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
    return norm == 0 ? vector : Arrays.stream(vector).map(x -> x / norm).toArray();
  }
}

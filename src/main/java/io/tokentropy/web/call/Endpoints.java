package io.tokentropy.web.call;

import io.tokentropy.embedding.Embedder;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Refusals;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.endpoint.calibration.ApplyEndpoint;
import io.tokentropy.endpoint.calibration.FitEndpoint;
import io.tokentropy.endpoint.comparison.CompareEndpoint;
import io.tokentropy.endpoint.conformal.CalibrateEndpoint;
import io.tokentropy.endpoint.conformal.PredictEndpoint;
import io.tokentropy.endpoint.conformal.WatchEndpoint;
import io.tokentropy.endpoint.ensemble.EnsembleEndpoint;
import io.tokentropy.endpoint.entropy.EntropyEndpoint;
import io.tokentropy.endpoint.evaluation.BinaryEndpoint;
import io.tokentropy.endpoint.evaluation.RankingEndpoint;
import io.tokentropy.endpoint.evaluation.ReliabilityEndpoint;
import io.tokentropy.endpoint.evaluation.TsuEndpoint;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.endpoint.input.Responses;
import io.tokentropy.endpoint.inventropy.InvEntropyEndpoint;
import io.tokentropy.endpoint.labels.LabelsEndpoint;
import io.tokentropy.endpoint.perturbation.PerturbationsEndpoint;
import io.tokentropy.endpoint.perturbation.Perturber;
import io.tokentropy.endpoint.score.ScoreEndpoint;
import io.tokentropy.endpoint.step.StepEndpoint;
import io.tokentropy.endpoint.switching.CalibrationEndpoint;
import io.tokentropy.endpoint.switching.EadEndpoint;
import io.tokentropy.endpoint.switching.EadReader;
import io.tokentropy.endpoint.truncation.SampleEndpoint;
import io.tokentropy.endpoint.truncation.TruncationEndpoint;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.score.Thinking;
import io.tokentropy.web.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The one list of calls, which controllers, {@code /v1/batch} and {@code /v1/methods} read. */
@Component
public class Endpoints implements DisposableBean {
  private final Workers workers = new Workers();
  private final List<Endpoint<?>> all;
  private final Map<String, Endpoint<?>> byPath;

  @Autowired
  Endpoints(Limits limits, EmbeddingSettings embeddings, ScoreSettings scores) {
    this(limits, embeddings.embedder(), scores.tags());
  }

  /** The list, with what embeds texts, and the tags around thinking. */
  Endpoints(Limits limits, Optional<Embedder> embedder, List<Thinking.Tag> tags) {
    var inputs = new InputReader(limits.input(), workers, new Reader(limits.json()));
    var switching = new EadReader.Factory(inputs, limits.switching());
    Refusals refusals = refusal -> Problem.of(refusal).toAnswer();
    all =
        List.of(
            EadEndpoint.of(inputs, switching, refusals),
            CalibrationEndpoint.of(inputs, switching),
            FitEndpoint.of(inputs),
            ApplyEndpoint.of(inputs),
            CalibrateEndpoint.of(inputs),
            PredictEndpoint.of(inputs),
            WatchEndpoint.of(inputs),
            CompareEndpoint.of(inputs, refusals),
            EnsembleEndpoint.of(inputs, refusals),
            EntropyEndpoint.of(inputs),
            InvEntropyEndpoint.of(limits.input(), limits.invEntropy(), workers, embedder, refusals),
            PerturbationsEndpoint.of(new Perturber(workers, embedder), limits.perturbation()),
            TsuEndpoint.of(inputs, limits.temperatures()),
            ReliabilityEndpoint.of(inputs),
            RankingEndpoint.of(inputs),
            BinaryEndpoint.of(inputs),
            LabelsEndpoint.of(inputs, limits.labels(), tags),
            SampleEndpoint.of(inputs, limits.truncation()),
            ScoreEndpoint.of(inputs, limits.score(), tags),
            StepEndpoint.of(inputs, limits.truncation(), switching, workers),
            TruncationEndpoint.of(inputs, limits.truncation(), workers));
    byPath =
        new TreeMap<>(all.stream().collect(Collectors.toMap(Endpoint::path, Function.identity())));
  }

  /** All of them, in the order in which {@code /v1/methods} explains them. */
  public List<Endpoint<?>> all() {
    return all;
  }

  /** All of them by their paths, in order. */
  Map<String, Endpoint<?>> byPath() {
    return byPath;
  }

  /** The one at a path. */
  public Endpoint<?> at(String path) {
    Endpoint<?> endpoint = byPath.get(path);
    if (endpoint == null) {
      throw new IllegalArgumentException("there is no endpoint " + path);
    }
    return endpoint;
  }

  /** The fields of a body of JSON, which for some is a server's response itself. */
  static Fields fields(Endpoint<?> endpoint, Value body) {
    return endpoint.reads().contains(Endpoint.Form.RESPONSE)
        ? Responses.fields(body)
        : body.asFields();
  }

  @Override
  public void destroy() {
    workers.close();
  }
}

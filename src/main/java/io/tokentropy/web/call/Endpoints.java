package io.tokentropy.web.call;

import io.tokentropy.embedding.Embedder;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Refusals;
import io.tokentropy.endpoint.Scores;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.endpoint.calibration.ApplyEndpoint;
import io.tokentropy.endpoint.calibration.Confident;
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
import io.tokentropy.endpoint.uncertainty.UncertaintyEndpoint;
import io.tokentropy.entailment.Judge;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.score.Thinking;
import io.tokentropy.upstream.ModelServers;
import io.tokentropy.web.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The one list of calls, which controllers, {@code /v1/batch} and {@code /v1/methods} read. */
@Component
public class Endpoints implements DisposableBean {
  private final Workers workers = new Workers();
  private final List<Endpoint<?>> all;
  private final Map<String, Endpoint<?>> byPath;
  private final Optional<Embedder> embedder;
  private final InvEntropyEndpoint.Scorer scorer;
  private final UncertaintyEndpoint.Measurer measurer;
  private final Perturber perturber;

  @Autowired
  Endpoints(
      Limits limits,
      EmbeddingSettings embeddings,
      EntailmentSettings entailment,
      ModelServers servers,
      ScoreSettings scores) {
    this(limits, embeddings.embedder(), entailment.judge(servers), scores.tags());
  }

  /** The list, with what embeds texts and judges them, and the tags around thinking. */
  Endpoints(
      Limits limits, Optional<Embedder> embedder, Optional<Judge> judge, List<Thinking.Tag> tags) {
    var inputs = new InputReader(limits.input(), workers, new Reader(limits.json()));
    var switching = new EadReader.Factory(inputs, limits.switching());
    Refusals refusals = refusal -> Problem.of(refusal).toAnswer();
    this.embedder = embedder;
    perturber = new Perturber(workers, embedder);
    scorer =
        InvEntropyEndpoint.scorer(limits.input(), limits.invEntropy(), workers, embedder, refusals);
    measurer = UncertaintyEndpoint.measurer(inputs, limits.uncertainty(), workers, refusals);
    List<Endpoint<?>> others =
        List.of(
            EadEndpoint.of(inputs, switching, refusals),
            CalibrationEndpoint.of(inputs, switching),
            CalibrateEndpoint.of(inputs),
            PredictEndpoint.of(inputs),
            WatchEndpoint.of(inputs),
            CompareEndpoint.of(inputs, refusals),
            EnsembleEndpoint.of(inputs, refusals),
            EntropyEndpoint.of(inputs),
            InvEntropyEndpoint.of(limits.input(), limits.invEntropy(), workers, embedder, refusals),
            UncertaintyEndpoint.of(
                inputs, limits.uncertainty(), workers, embedder, judge, refusals),
            PerturbationsEndpoint.of(perturber, limits.perturbation()),
            TsuEndpoint.of(inputs, limits.temperatures()),
            ReliabilityEndpoint.of(inputs),
            RankingEndpoint.of(inputs),
            BinaryEndpoint.of(inputs),
            LabelsEndpoint.of(inputs, limits.labels(), tags),
            SampleEndpoint.of(inputs, limits.truncation()),
            ScoreEndpoint.of(inputs, limits.score(), tags),
            StepEndpoint.of(inputs, limits.truncation(), switching, workers),
            TruncationEndpoint.of(inputs, limits.truncation(), workers));
    Map<String, Scores> scores =
        others.stream()
            .filter(Endpoints::isScoring)
            .collect(Collectors.toMap(Endpoint::path, Endpoint::scores));
    all =
        Stream.concat(
                others.stream().map(each -> isScoring(each) ? Confident.of(each) : each),
                Stream.of(FitEndpoint.of(inputs, scores), ApplyEndpoint.of(inputs, scores)))
            .toList();
    byPath =
        new TreeMap<>(all.stream().collect(Collectors.toMap(Endpoint::path, Function.identity())));
  }

  private static boolean isScoring(Endpoint<?> endpoint) {
    return !endpoint.scores().all().isEmpty();
  }

  /** All of them, in the order in which {@code /v1/methods} explains them. */
  public List<Endpoint<?>> all() {
    return all;
  }

  /** What embeds texts; empty if they are not taken. */
  Optional<Embedder> embedder() {
    return embedder;
  }

  /** What scores bodies of {@code /v1/inv-entropy} that are made here. */
  InvEntropyEndpoint.Scorer scorer() {
    return scorer;
  }

  /** What measures bodies of {@code /v1/uncertainty} that are made here. */
  UncertaintyEndpoint.Measurer measurer() {
    return measurer;
  }

  /** What perturbs texts. */
  Perturber perturber() {
    return perturber;
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

package io.tokentropy.truncation;

import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.Truncation.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One step of a chain: it leaves out tokens, or reshapes their distribution. Ties go by
 * probability, then by token id; at least one token is always kept, and none with probability 0.
 * What needs memory or a coin takes it as a parameter and says what to remember: nothing random
 * happens here.
 */
public sealed interface Sampler
    permits TopH,
        Sampler.Temperature,
        Sampler.TopK,
        Sampler.TopP,
        Sampler.MinP,
        Sampler.TypicalP,
        Sampler.EpsilonCutoff,
        Sampler.EtaCutoff,
        Sampler.TopNSigma,
        Sampler.TopA,
        Sampler.TailFree,
        Sampler.Xtc,
        Sampler.PLess,
        Sampler.MinK,
        Sampler.MirostatV1,
        Sampler.MirostatV2,
        Sampler.DynamicTemperature,
        Sampler.Quadratic,
        Sampler.AdaptiveP {

  /** The name on the wire. */
  String wire();

  /** What the step leaves of a pool. */
  Step step(Pool pool);

  private static void require(boolean good, String name, Object found, String expected) {
    if (!good) {
      throw new InvalidInput.ParameterOutOfRange("/" + name, found, expected);
    }
  }

  /** Scores divided by T; T = 0 keeps the best token. */
  record Temperature(double temperature) implements Sampler {
    public Temperature {
      require(
          temperature == 0 || (temperature > 0 && 1 / temperature < Double.POSITIVE_INFINITY),
          "temperature",
          temperature,
          "a finite number, at least 0");
    }

    @Override
    public String wire() {
      return "temperature";
    }

    @Override
    public Step step(Pool pool) {
      return Step.reshaped(at(pool, temperature), Map.of());
    }

    static Pool at(Pool pool, double temperature) {
      return temperature == 0
          ? pool.prefix(1)
          : pool.reshaped(score -> (score - pool.max()) / temperature);
    }
  }

  /** The k best; k = 0 keeps all. With {@code allTies} also whatever is as probable as the k-th. */
  record TopK(int k, boolean allTies) implements Sampler {
    public TopK {
      require(k >= 0, "k", k, "at least 0");
    }

    @Override
    public String wire() {
      return "top_k";
    }

    @Override
    public Step step(Pool pool) {
      if (k == 0 || k >= pool.size()) {
        return Step.kept(pool);
      }
      if (!allTies) {
        return Step.kept(pool.prefix(k));
      }
      double last = pool.prob(pool.ranked(k - 1));
      return Step.kept(pool.filtered(i -> Slack.probabilityAtLeast(pool.prob(i), last)));
    }
  }

  /** The shortest prefix with mass at least p; p = 1 keeps all, p = 0 one. */
  record TopP(double p) implements Sampler {
    public TopP {
      require(p >= 0 && p <= 1, "p", p, "between 0 and 1");
    }

    @Override
    public String wire() {
      return "top_p";
    }

    @Override
    public Step step(Pool pool) {
      if (p == 1) {
        return Step.kept(pool);
      }
      double mass = 0;
      int rank = 0;
      do {
        mass += pool.prob(pool.ranked(rank++));
      } while (rank < pool.size() && !Slack.massAtLeast(mass, p));
      return Step.kept(pool.prefix(rank));
    }
  }

  private static Step atLeast(Pool pool, double threshold) {
    return Step.kept(
        pool.filtered(i -> Slack.probabilityAtLeast(pool.prob(i), threshold)),
        "threshold",
        threshold);
  }

  private static double best(Pool pool) {
    return pool.prob(pool.ranked(0));
  }

  /** p ≥ m · p_max. */
  record MinP(double minP) implements Sampler {
    public MinP {
      require(minP >= 0 && minP <= 1, "min_p", minP, "between 0 and 1");
    }

    @Override
    public String wire() {
      return "min_p";
    }

    @Override
    public Step step(Pool pool) {
      return atLeast(pool, minP * best(pool));
    }
  }

  /** p ≥ a · p_max². */
  record TopA(double a) implements Sampler {
    public TopA {
      require(a >= 0 && a <= 1, "a", a, "between 0 and 1");
    }

    @Override
    public String wire() {
      return "top_a";
    }

    @Override
    public Step step(Pool pool) {
      double p = best(pool);
      return atLeast(pool, a * p * p);
    }
  }

  /** p ≥ ε, else the best token. */
  record EpsilonCutoff(double epsilon) implements Sampler {
    public EpsilonCutoff {
      require(epsilon >= 0 && epsilon < 1, "epsilon", epsilon, "at least 0 and below 1");
    }

    @Override
    public String wire() {
      return "epsilon_cutoff";
    }

    @Override
    public Step step(Pool pool) {
      return atLeast(pool, epsilon);
    }
  }

  /** p ≥ min(ε, √ε e^−H). */
  record EtaCutoff(double epsilon) implements Sampler {
    public EtaCutoff {
      require(epsilon >= 0 && epsilon < 1, "epsilon", epsilon, "at least 0 and below 1");
    }

    @Override
    public String wire() {
      return "eta_cutoff";
    }

    @Override
    public Step step(Pool pool) {
      return atLeast(pool, threshold(pool.entropy()));
    }

    double threshold(double entropy) {
      return Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-entropy));
    }
  }

  /** p ≥ Σp², or with {@code normalised} p ≥ (V Σp² − 1) / (V − 1), V the vocabulary of the row. */
  record PLess(boolean normalised) implements Sampler {
    @Override
    public String wire() {
      return "p_less";
    }

    @Override
    public Step step(Pool pool) {
      double collision = pool.collision();
      double v = pool.vocabSize();
      return atLeast(
          pool, !normalised ? collision : v == 1 ? 1 : Math.max(0, (v * collision - 1) / (v - 1)));
    }
  }

  /** The tokens whose surprisal is nearest to H, until their mass is at least m. */
  record TypicalP(double mass) implements Sampler {
    public TypicalP {
      require(mass > 0 && mass <= 1, "mass", mass, "above 0 and at most 1");
    }

    @Override
    public String wire() {
      return "typical_p";
    }

    @Override
    public Step step(Pool pool) {
      if (mass == 1) {
        return Step.kept(pool);
      }
      int n = pool.size();
      pool.ranked(n - 1);
      double[] deviation = new double[n];
      for (int rank = 0; rank < n; rank++) {
        deviation[rank] = Math.abs(-pool.lnProb(pool.ranked(rank)) - pool.entropy());
      }
      int left = 0;
      for (int rank = 1; rank < n; rank++) {
        if (deviation[rank] < deviation[left]) {
          left = rank;
        }
      }
      // deviations fall up to the nearest rank and rise after it, so the kept ranks are one stretch
      int right = left;
      while (right > 0 && deviation[right - 1] == deviation[left]) {
        right--;
      }
      left = right;
      double sum = pool.prob(pool.ranked(left));
      while (!Slack.massAtLeast(sum, mass) && right - left + 1 < n) {
        boolean up =
            right + 1 == n || (left > 0 && Slack.atMost(deviation[left - 1], deviation[right + 1]));
        sum += pool.prob(pool.ranked(up ? --left : ++right));
      }
      var keeps = new boolean[n];
      for (int rank = left; rank <= right; rank++) {
        keeps[pool.ranked(rank)] = true;
      }
      return Step.kept(pool.filtered(i -> keeps[i]));
    }
  }

  /** Scores at least l_max − n σ, σ the standard deviation of the finite scores. */
  record TopNSigma(double n, int ddof) implements Sampler {
    public TopNSigma {
      require(n > 0 && n < Double.POSITIVE_INFINITY, "n", n, "a finite number above 0");
      require(ddof == 0 || ddof == 1, "ddof", ddof, "0 (population) or 1 (sample)");
    }

    @Override
    public String wire() {
      return "top_n_sigma";
    }

    @Override
    public Step step(Pool pool) {
      int size = pool.size();
      double mean = 0;
      for (int i = 0; i < size; i++) {
        mean += (pool.score(i) - pool.max()) / size;
      }
      double square = 0;
      for (int i = 0; i < size; i++) {
        double d = pool.score(i) - pool.max() - mean;
        square += d * d;
      }
      double sigma = size == 1 ? 0 : Math.sqrt(square / (size - ddof));
      double threshold = -n * sigma;
      var extra = new LinkedHashMap<String, Object>();
      extra.put("sigma", sigma);
      extra.put("cut_below_max", n * sigma);
      return new Step(
          pool.filtered(i -> Slack.logitAtLeast(pool.score(i) - pool.max(), threshold)),
          false,
          extra,
          null);
    }
  }

  /**
   * The sorted probabilities up to where their normalised second differences sum to z; z = 1 keeps
   * all.
   */
  record TailFree(double z) implements Sampler {
    public TailFree {
      require(z > 0 && z <= 1, "z", z, "above 0 and at most 1");
    }

    @Override
    public String wire() {
      return "tail_free";
    }

    @Override
    public Step step(Pool pool) {
      int n = pool.size();
      if (z == 1 || n < 3) {
        return Step.kept(pool);
      }
      var bend = new double[n - 2];
      double total = 0;
      for (int rank = 0; rank < n - 2; rank++) {
        double a = pool.prob(pool.ranked(rank));
        double b = pool.prob(pool.ranked(rank + 1));
        double c = pool.prob(pool.ranked(rank + 2));
        bend[rank] = Math.abs((a - b) - (b - c));
        total += bend[rank];
      }
      if (total <= 1e-15) {
        return Step.kept(pool);
      }
      double sum = 0;
      int leading = 0;
      while (leading < bend.length && Slack.atMost((sum + bend[leading]) / total, z)) {
        sum += bend[leading++];
      }
      return Step.kept(pool.prefix(1 + leading));
    }
  }

  /**
   * Where u is below the probability, all tokens with p ≥ threshold are dropped but the least of
   * them.
   */
  record Xtc(double threshold, double probability, double u, List<Integer> protectedIds)
      implements Sampler {
    public Xtc {
      require(threshold >= 0 && threshold <= 1, "threshold", threshold, "between 0 and 1");
      require(probability >= 0 && probability <= 1, "probability", probability, "between 0 and 1");
      require(u >= 0 && u < 1, "u", u, "at least 0 and below 1");
      protectedIds = List.copyOf(protectedIds);
    }

    @Override
    public String wire() {
      return "xtc";
    }

    @Override
    public Step step(Pool pool) {
      int above = 0;
      while (above < pool.size()
          && Slack.probabilityAtLeast(pool.prob(pool.ranked(above)), threshold)) {
        above++;
      }
      var dropped = new boolean[pool.size()];
      boolean active = u < probability && above >= 2;
      for (int rank = 0; rank < above - 1 && active; rank++) {
        active = !protectedIds.contains(pool.id(pool.ranked(rank)));
        dropped[pool.ranked(rank)] = true;
      }
      return Step.kept(active ? pool.filtered(i -> !dropped[i]) : pool, "active", active);
    }
  }

  /** Up to the steepest relative cliff of the sorted scores, but at least ⌊τ / range⌋ tokens. */
  record MinK(double tau) implements Sampler {
    public MinK {
      require(
          tau >= 0 && tau < Double.POSITIVE_INFINITY, "tau", tau, "a finite number, at least 0");
    }

    @Override
    public String wire() {
      return "min_k";
    }

    @Override
    public Step step(Pool pool) {
      int n = pool.size();
      double range = pool.score(pool.ranked(0)) - pool.score(pool.ranked(n - 1));
      int k = 1;
      double steepest = -1;
      for (int i = 1; i < n; i++) {
        double fall = (pool.score(pool.ranked(i - 1)) - pool.score(pool.ranked(i))) / (i * range);
        if (fall > steepest) {
          steepest = fall;
          k = i;
        }
      }
      int least = range == 0 ? n : (int) Math.min(n, tau / range);
      k = Math.min(n, Math.max(k, least));
      return Step.kept(pool.prefix(k), "k", k);
    }
  }

  private static Step remember(
      Pool kept,
      Map<String, Object> extra,
      OptionalInt sampledId,
      double mu,
      double tau,
      double eta) {
    var all = new LinkedHashMap<>(extra);
    if (sampledId.isPresent()) {
      int position = kept.position(sampledId.getAsInt());
      if (position < 0) {
        throw new InvalidInput.ParameterOutOfRange(
            "/sampled_id", sampledId.getAsInt(), "one of the tokens kept");
      }
      double surprise = (0 - kept.lnProb(position)) / Math.log(2);
      all.put("observed_surprise_bits", surprise);
      all.put("mu_next", mu - eta * (surprise - tau));
    }
    return new Step(kept, false, all, null);
  }

  /** The tokens with a surprisal of at most μ bits; with the sampled token also the next μ. */
  record MirostatV2(double mu, double tau, double eta, OptionalInt sampledId) implements Sampler {
    public MirostatV2 {
      require(Double.isFinite(mu), "mu", mu, "a finite number of bits");
      require(tau > 0 && Double.isFinite(tau), "tau", tau, "a finite number of bits above 0");
      require(eta >= 0 && eta <= 1, "eta", eta, "between 0 and 1");
    }

    @Override
    public String wire() {
      return "mirostat_v2";
    }

    @Override
    public Step step(Pool pool) {
      Pool kept = pool.filtered(i -> Slack.atMost(-pool.lnProb(i) / Math.log(2), mu));
      return remember(kept, Map.of(), sampledId, mu, tau, eta);
    }
  }

  /**
   * The best k, k from μ and the Zipf exponent s that fits the best m tokens; a flat head has none,
   * and all are kept.
   */
  record MirostatV1(double mu, double tau, double eta, int m, OptionalInt sampledId)
      implements Sampler {
    public MirostatV1 {
      require(Double.isFinite(mu), "mu", mu, "a finite number of bits");
      require(tau > 0 && Double.isFinite(tau), "tau", tau, "a finite number of bits above 0");
      require(eta >= 0 && eta <= 1, "eta", eta, "between 0 and 1");
      require(m >= 2, "m", m, "at least 2");
    }

    @Override
    public String wire() {
      return "mirostat_v1";
    }

    @Override
    public Step step(Pool pool) {
      double cross = 0;
      double square = 0;
      for (int i = 0; i < Math.min(m, pool.size()) - 1; i++) {
        double t = Math.log((i + 2.0) / (i + 1.0));
        cross += t * (pool.score(pool.ranked(i)) - pool.score(pool.ranked(i + 1)));
        square += t * t;
      }
      double s = square == 0 ? 0 : cross / square;
      double e = s - 1;
      double n = pool.vocabSize();
      double share = Math.abs(e) < 1e-9 ? 1 / Math.log(n) : e / (1 - Math.pow(n, -e));
      double k = Math.pow(share * Math.pow(2, mu), 1 / s);
      boolean flat = !(s > 0) || Double.isNaN(k);
      int whole = flat ? pool.size() : (int) Math.min(pool.size(), Math.max(1, k));
      var extra = new LinkedHashMap<String, Object>();
      extra.put("k", whole);
      extra.put("s_hat", s);
      return remember(pool.prefix(whole), extra, sampledId, mu, tau, eta);
    }
  }

  /** A temperature between the two, by (H / ln n)^exponent, n the tokens left. */
  record DynamicTemperature(double minTemp, double maxTemp, double exponent) implements Sampler {
    public DynamicTemperature {
      require(minTemp >= 0 && Double.isFinite(minTemp), "min_temp", minTemp, "at least 0");
      require(
          maxTemp >= minTemp && Double.isFinite(maxTemp), "max_temp", maxTemp, "at least min_temp");
      require(exponent > 0 && Double.isFinite(exponent), "exponent", exponent, "above 0");
    }

    @Override
    public String wire() {
      return "dynamic_temperature";
    }

    @Override
    public Step step(Pool pool) {
      double share = pool.size() == 1 ? 0 : Math.min(1, pool.entropy() / Math.log(pool.size()));
      double temperature = minTemp + (maxTemp - minTemp) * Math.pow(share, exponent);
      return Step.reshaped(Temperature.at(pool, temperature), Map.of("temperature", temperature));
    }
  }

  /**
   * l_max − f k d² + f s d³ with d = l − l_max, k = (3 − c) / 2, s = (c − 1) / 2; f = 0 changes
   * nothing.
   */
  record Quadratic(double smoothingFactor, double curve) implements Sampler {
    public Quadratic {
      require(
          smoothingFactor >= 0 && Double.isFinite(smoothingFactor),
          "smoothing_factor",
          smoothingFactor,
          "at least 0");
      require(curve >= 1 && curve <= 3, "smoothing_curve", curve, "between 1 and 3");
    }

    @Override
    public String wire() {
      return "quadratic";
    }

    @Override
    public Step step(Pool pool) {
      if (smoothingFactor == 0) {
        return Step.reshaped(pool, Map.of());
      }
      double k = smoothingFactor * (3 - curve) / 2;
      double s = smoothingFactor * (curve - 1) / 2;
      return Step.reshaped(
          pool.reshaped(
              score -> {
                double d = score - pool.max();
                return -k * d * d + s * d * d * d;
              }),
          Map.of());
    }
  }

  /**
   * Scores 5 − 10 d² / (1 + d), d = |p − t| / 0.3, about a target that follows what was sampled: t
   * = 2 target − weighted_sum / total_weight, in [0, 1].
   */
  record AdaptiveP(
      double target,
      double decay,
      OptionalDouble weightedSum,
      OptionalDouble totalWeight,
      OptionalInt sampledId)
      implements Sampler {
    private static final double WIDTH = 0.3;

    public AdaptiveP {
      require(target >= 0 && target <= 1, "target", target, "between 0 and 1");
      require(decay >= 0 && decay < 1, "decay", decay, "at least 0 and below 1");
      if (weightedSum.isPresent() != totalWeight.isPresent()) {
        throw new InvalidInput.MissingInput(
            weightedSum.isPresent() ? "/total_weight" : "/weighted_sum",
            "weighted_sum and total_weight belong together");
      }
      double sum = weightedSum.orElse(0);
      require(sum >= 0 && Double.isFinite(sum), "weighted_sum", sum, "at least 0");
      double weight = totalWeight.orElse(1);
      require(weight > 0 && Double.isFinite(weight), "total_weight", weight, "above 0");
    }

    @Override
    public String wire() {
      return "adaptive_p";
    }

    @Override
    public Step step(Pool pool) {
      double sum = weightedSum.orElse(target / (1 - decay));
      double weight = totalWeight.orElse(1 / (1 - decay));
      double adapted = Math.clamp(2 * target - sum / weight, 0, 1);
      var extra = new LinkedHashMap<String, Object>();
      extra.put("adapted_target", adapted);
      if (sampledId.isPresent()) {
        int position = pool.position(sampledId.getAsInt());
        if (position < 0) {
          throw new InvalidInput.ParameterOutOfRange(
              "/sampled_id", sampledId.getAsInt(), "a token of the row");
        }
        extra.put("weighted_sum_next", decay * sum + pool.prob(position));
        extra.put("total_weight_next", decay * weight + 1);
      }
      return Step.reshaped(
          pool.reshaped(
              score -> {
                double d = Math.abs(Math.exp(score - pool.lnTotal()) - adapted) / WIDTH;
                return 5 - 10 * d * d / (1 + d);
              }),
          extra);
    }
  }
}

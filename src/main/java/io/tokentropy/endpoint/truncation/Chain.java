package io.tokentropy.endpoint.truncation;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.AtLeast;
import io.tokentropy.truncation.LogitStep;
import io.tokentropy.truncation.PartialTruncation;
import io.tokentropy.truncation.Refusals;
import io.tokentropy.truncation.Sampler;
import io.tokentropy.truncation.Temperature;
import io.tokentropy.truncation.TopH;
import io.tokentropy.truncation.Truncation;
import java.util.ArrayList;
import java.util.List;

/** The samplers that a call asks for, in order, each with the place where the call wrote it. */
public final class Chain {
  private final List<Step<?, ?>> steps;
  private final List<Sampler> samplers;
  private final Refusals refusals = new Written();

  Chain(List<Step<?, ?>> steps) {
    this.steps = List.copyOf(steps);
    this.samplers = steps.stream().<Sampler>map(Step::guarded).toList();
  }

  /**
   * One sampler.
   *
   * @param least how many tokens it has to leave
   * @param pointer to the step, or to the field that stands for it
   * @param field whether it is such a field, which then is wrong whichever parameter is
   */
  record Step<S extends Sampler, R extends Sampler.Report>(
      SamplerForm<S, R> form, S sampler, int least, String pointer, boolean field) {

    Sampler guarded() {
      return least == 1 ? sampler : new AtLeast(sampler, least);
    }

    InvalidInput placed(InvalidInput e) {
      return field ? e.at(pointer) : e.under(pointer);
    }

    Answer answer() {
      Answer answer = new Answer().put("sampler", form.name());
      form.write(sampler, answer);
      return least == 1 ? answer : answer.put(ChainReader.LEAST, least);
    }
  }

  /** Refusals where the call wrote the steps. */
  private final class Written implements Refusals {
    @Override
    public InvalidInput placed(int step, InvalidInput e) {
      return steps.get(step).placed(e);
    }

    @Override
    public InvalidInput needsWholeRow(int step) {
      return placed(
          step,
          new InvalidInput.ConflictingInputs(
              "",
              steps.get(step).form().name()
                  + ", as it is set here, needs the whole row; of the best k alone top_h (variant"
                  + " paper), top_k, top_p, min_p, top_a, epsilon_cutoff and eta_cutoff can tell"));
    }
  }

  public List<Sampler> samplers() {
    return samplers;
  }

  /** A chain that begins as this one does: with what changes logits, and with a temperature. */
  Chain begin(Chain rule) {
    var all = new ArrayList<Step<?, ?>>();
    for (Step<?, ?> step : steps) {
      if (!(step.sampler() instanceof LogitStep || step.sampler() instanceof Temperature)) {
        break;
      }
      all.add(step);
    }
    all.addAll(rule.steps);
    return new Chain(all);
  }

  /** The last step as a call could send it. */
  Answer lastAnswer() {
    return steps.getLast().answer();
  }

  /** How many of the steps search for an optimum, if any is to. */
  long searches() {
    return steps.stream().filter(step -> step.sampler() instanceof TopH).count();
  }

  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /** What it leaves of a row; refusals name the place in the call. */
  public Truncation of(Distribution row) {
    return Truncation.of(row, samplers, refusals);
  }

  /** What it leaves of a row that is known in part. */
  public PartialTruncation of(PartialDistribution row, Interval entropy) {
    return PartialTruncation.of(row, entropy, samplers, refusals);
  }

  /** The steps as a call could send them. */
  public List<Answer> answers() {
    return steps.stream().<Answer>map(Step::answer).toList();
  }

  /** Puts what the last sampler has to say of a row, entropies in the unit. */
  public void report(Truncation found, EntropyUnit unit, Answer item) {
    if (!steps.isEmpty()) {
      steps.getLast().form().reportAny(found.report(), unit, item);
    }
  }

  /** The name of the last sampler, for meters. */
  public String label() {
    return steps.getLast().form().name();
  }
}

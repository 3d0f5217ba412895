package io.tokentropy.endpoint.conformal;

import io.tokentropy.conformal.ConformalProfile;
import io.tokentropy.conformal.DriftWatch;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code /v1/conformal/watch}: whether a profile still holds. */
public final class WatchEndpoint {
  public static final String PATH = "/v1/conformal/watch";

  private static final double FALSE_ALARM = 0.01;

  private static final List<Method> METHODS =
      List.of(
          new Method(
                  "conformal_watch",
                  PATH,
                  "Whether new scores still look like those of a profile: valid, suspect,"
                      + " withdrawn",
                  "O(scores)")
              .formula(
                  "a betting process on scores above qhat, 1 on average under exchangeability;"
                      + " withdrawn at 1/false_alarm, suspect from 1/sqrt(false_alarm)")
              .citation("Ramdas et al., 2022 (arXiv 2210.01948)")
              .disagreement(
                  "Windows with a test each raise false alarms without end; this one's rate holds"
                      + " for a watch of any length")
              .parameter("profile", "object", "data[0] of /v1/conformal/calibrate")
              .parameter("scores", "numbers", "of the right labels of new rows, in order")
              .parameter("state", "object", "data[0].state of the call before", "none: a new watch")
              .parameter("false_alarm", "number", "(0, 1), the same all along", "" + FALSE_ALARM));

  private WatchEndpoint() {}

  private record Asked(
      ConformalProfile profile, List<Double> scores, DriftWatch watch, double falseAlarm) {}

  public static Endpoint<?> of(InputReader inputs) {
    return Endpoint.ofJson(PATH, fields -> read(fields, inputs), WatchEndpoint::answer, METHODS);
  }

  private static Asked read(Fields fields, InputReader inputs) {
    Value sent = fields.require("profile");
    ConformalProfile profile = ProfileForm.read(sent, inputs).numbers();
    if (profile.qhat().isEmpty()) {
      throw new InvalidInput.MissingInput(
          sent.pointer(), "the profile has no qhat: its sets hold all labels, and never miss");
    }
    Value scores = fields.require("scores");
    double[] numbers = scores.asNumbers();
    inputs.requireRows(scores, numbers.length);
    double falseAlarm = fields.number("false_alarm", FALSE_ALARM);
    if (!(falseAlarm > 0 && falseAlarm < 1)) {
      throw InvalidInput.ParameterOutOfRange.share(
          fields.pointer("false_alarm"), falseAlarm, "between 0 and 1, without both");
    }
    DriftWatch watch = watch(fields.get("state"), profile, falseAlarm);
    return new Asked(profile, Arrays.stream(numbers).boxed().toList(), watch, falseAlarm);
  }

  /** The watch so far; a state of another profile or rate is refused. */
  private static DriftWatch watch(
      @Nullable Value value, ConformalProfile profile, double falseAlarm) {
    if (value == null) {
      return DriftWatch.begun();
    }
    Fields state = value.asFields();
    requireSame(state, "version", 1);
    requireSame(state, "n", profile.size());
    requireSame(state, "rank", profile.rank());
    requireSame(state, "qhat", profile.qhat().orElseThrow());
    requireSame(state, "false_alarm", falseAlarm);
    long seen = state.require("seen").asLong();
    long misses = state.require("misses").asLong();
    List<Double> stakes = Arrays.stream(state.require("stakes").asNumbers()).boxed().toList();
    double greatest = state.require("greatest").asNumber();
    state.done();
    return InvalidInput.under(
        state.pointer(), () -> new DriftWatch(seen, misses, stakes, greatest));
  }

  private static void requireSame(Fields state, String name, double expected) {
    double found = state.require(name).asNumber();
    if (found != expected) {
      throw new InvalidInput.InvalidState(
              state.pointer(name), "found " + found + ", but this call has " + expected)
          .withHint("A watch goes on with the profile and the false_alarm that it began with.");
    }
  }

  private static Answer answer(Asked asked, Tally tally) {
    ConformalProfile profile = asked.profile;
    DriftWatch watch = InvalidInput.under("/state", () -> watched(asked));
    Answer item =
        new Answer()
            .put("index", 0)
            .put("status", watch.status(asked.falseAlarm).name().toLowerCase(Locale.ROOT))
            .put("evidence", watch.evidence())
            .put("suspect_from", 1 / Math.sqrt(asked.falseAlarm))
            .put("withdrawn_from", 1 / asked.falseAlarm)
            .put("seen", watch.seen())
            .put("misses", watch.misses());
    if (watch.seen() > 0) {
      item.put("miss_rate", (double) watch.misses() / watch.seen());
    }
    item.put("expected_miss_rate", (profile.size() + 1.0 - profile.rank()) / (profile.size() + 1));
    return Answer.of("list").put("data", List.of(item.put("state", state(watch, asked))));
  }

  private static DriftWatch watched(Asked asked) {
    DriftWatch watch = asked.watch;
    for (double score : asked.scores) {
      watch = watch.after(score, asked.profile);
    }
    return watch;
  }

  private static Answer state(DriftWatch watch, Asked asked) {
    return new Answer()
        .put("version", 1)
        .put("n", asked.profile.size())
        .put("rank", asked.profile.rank())
        .put("qhat", asked.profile.qhat())
        .put("false_alarm", asked.falseAlarm)
        .put("seen", watch.seen())
        .put("misses", watch.misses())
        .put("stakes", watch.stakes())
        .put("greatest", watch.greatest());
  }
}

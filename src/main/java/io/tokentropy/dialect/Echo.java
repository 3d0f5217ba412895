package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many of the tokens of an echoed prompt are the prompt's. No server marks its end; what the
 * usage counts tells it, unless there are several prompts of which it gives the sum.
 *
 * @param choices all of the response
 */
record Echo(@Nullable Value usage, List<Value> choices) {
  static final Echo UNKNOWN = new Echo(null, List.of());

  /**
   * The length of the prompt.
   *
   * @param tokens of the prompt and what follows it
   * @return −1 where it is not known
   */
  int prompt(int tokens) {
    long written = written();
    if (written < 0) {
      return -1;
    }
    boolean even =
        choices.size() == 1
            || written == 0
            || (written % choices.size() == 0 && choices.stream().allMatch(Echo::isFull));
    return even ? Math.clamp(tokens - written / Math.max(1, choices.size()), 0, tokens) : -1;
  }

  /** OpenAI leaves the count out where it is 0. */
  private long written() {
    long written = Loose.count(Loose.child(usage, "completion_tokens"));
    long prompt = Loose.count(Loose.child(usage, "prompt_tokens"));
    long total = Loose.count(Loose.child(usage, "total_tokens"));
    return written < 0 && prompt >= 0 && prompt == total ? 0 : written;
  }

  private static boolean isFull(Value choice) {
    return Loose.text(Loose.child(choice, "finish_reason")).equals("length");
  }
}

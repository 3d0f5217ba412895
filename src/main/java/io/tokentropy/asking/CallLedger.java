package io.tokentropy.asking;

import io.tokentropy.asking.Reply.Usage;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What the calls for one question may take, and what they took. A call is entered before it is
 * sent, with the most that it can take, and stays entered whatever becomes of it. Used by one
 * thread.
 */
public final class CallLedger {
  private final Budget budget;
  private int calls;
  private int failed;
  private long held;
  private long charged;
  private long prompt;
  private long cached;
  private long completion;
  private double cost;
  private boolean priced = true;

  public CallLedger(Budget budget) {
    this.budget = budget;
  }

  /**
   * What may be spent on one question.
   *
   * @param calls to models
   * @param tokens read and written by models
   */
  public record Budget(int calls, long tokens) {}

  /** A call that was entered. */
  record Entry(long tokens) {}

  /** Enters a call that takes at most so many tokens; null if the budget does not allow it. */
  @Nullable Entry enter(long tokens) {
    if (calls >= budget.calls() || charged + held + tokens > budget.tokens()) {
      return null;
    }
    calls++;
    held += tokens;
    return new Entry(tokens);
  }

  /** The call was answered; where the server does not say what that took, it counts in full. */
  void answered(Entry entry, Reply reply) {
    held -= entry.tokens();
    cost += reply.cost().orElse(0);
    priced &= reply.cost().isPresent();
    Usage usage = reply.usage();
    if (usage == null) {
      charged += entry.tokens();
      return;
    }
    charged += usage.prompt() + usage.completion();
    prompt += usage.prompt();
    cached += usage.cached();
    completion += usage.completion();
  }

  /** The call was not answered, or given up: what it took is not known, so it counts in full. */
  void failed(Entry entry) {
    held -= entry.tokens();
    charged += entry.tokens();
    failed++;
  }

  public Budget budget() {
    return budget;
  }

  /** Calls that were sent. */
  public int calls() {
    return calls;
  }

  /** Calls among them that brought nothing. */
  public int failed() {
    return failed;
  }

  /** Tokens that count towards the budget: what servers say, and where they do not, the most. */
  public long charged() {
    return charged;
  }

  /** Tokens of prompts that servers say they read. */
  public long prompt() {
    return prompt;
  }

  /** Tokens among them that they had read before. */
  public long cached() {
    return cached;
  }

  /** Tokens that servers say they wrote. */
  public long completion() {
    return completion;
  }

  /** What the answered calls cost, where the price of each is known. */
  public OptionalDouble cost() {
    return priced && calls > failed ? OptionalDouble.of(cost) : OptionalDouble.empty();
  }
}

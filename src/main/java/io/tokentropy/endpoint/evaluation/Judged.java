package io.tokentropy.endpoint.evaluation;

import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;

/** Numbers of answers, finite and at least one, and which of the answers are correct. */
public final class Judged {
  private final double[] numbers;
  private final boolean[] correct;

  private Judged(double[] numbers, boolean[] correct) {
    this.numbers = numbers;
    this.correct = correct;
  }

  /** Not to be modified. */
  public double[] numbers() {
    return numbers;
  }

  /** As many; not to be modified. */
  public boolean[] correct() {
    return correct;
  }

  /** Reads the numbers from {@code name}, and {@code correct} beside them. */
  public static Judged read(Fields fields, String name, InputReader inputs) {
    Value numbers = fields.require(name);
    double[] read = numbers(numbers, inputs);
    Value correct = fields.require("correct");
    List<Value> flags = correct.asList();
    if (flags.size() != read.length) {
      throw new InvalidInput.ShapeMismatch(
          correct.pointer(),
          "found " + flags.size() + " for " + read.length + " " + name + ", expected one each");
    }
    return new Judged(read, flags(flags));
  }

  /** A list of finite numbers, at least one. */
  public static double[] numbers(Value value, InputReader inputs) {
    requireSome(value, inputs);
    return value.asNumbers();
  }

  static void requireSome(Value value, InputReader inputs) {
    int size = value.asList().size();
    if (size == 0) {
      throw new InvalidInput.MissingInput(value.pointer(), "the list is empty; expected some");
    }
    inputs.limits().vocab().require(value.pointer(), size);
  }

  static boolean[] flags(List<Value> values) {
    var flags = new boolean[values.size()];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = flag(values.get(i));
    }
    return flags;
  }

  /** True and false, or 1 and 0. */
  private static boolean flag(Value value) {
    if (value instanceof Value.Bool(String at, boolean flag)) {
      return flag;
    }
    if (value instanceof Value.Num && (value.asNumber() == 0 || value.asNumber() == 1)) {
      return value.asNumber() == 1;
    }
    throw value.wrongType("true or false, or 1 or 0");
  }
}

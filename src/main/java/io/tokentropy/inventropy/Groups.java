package io.tokentropy.inventropy;

import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which of M answers belong to which of N prompts: every answer to exactly one. */
public final class Groups {
  private final List<int[]> answers;
  private final int total;

  private Groups(List<int[]> answers, int total) {
    this.answers = answers;
    this.total = total;
  }

  /**
   * Groups as lists of answers, one list a prompt.
   *
   * @param total answers, M
   * @throws InvalidInput.ParameterOutOfRange if a group is empty, names an answer that is not
   *     there, or one that is taken
   * @throws InvalidInput.ShapeMismatch if an answer is left out
   */
  public static Groups of(List<int[]> answers, int total) {
    var owner = new int[total];
    Arrays.fill(owner, -1);
    for (int g = 0; g < answers.size(); g++) {
      int[] group = answers.get(g);
      if (group.length == 0) {
        throw new InvalidInput.ParameterOutOfRange(
            "/" + g, "an empty group", "at least one answer a prompt");
      }
      for (int k = 0; k < group.length; k++) {
        String place = "/" + g + "/" + k;
        if (group[k] < 0 || group[k] >= total) {
          throw new InvalidInput.ParameterOutOfRange(
              place, group[k], "an answer, 0 to " + (total - 1));
        }
        if (owner[group[k]] >= 0) {
          throw new InvalidInput.ParameterOutOfRange(
              place,
              group[k],
              "an answer that no other group has; group " + owner[group[k]] + " has it");
        }
        owner[group[k]] = g;
      }
    }
    for (int a = 0; a < total; a++) {
      if (owner[a] < 0) {
        throw new InvalidInput.ShapeMismatch("", "answer " + a + " is in no group");
      }
    }
    return new Groups(answers.stream().map(int[]::clone).toList(), total);
  }

  /**
   * The same number of answers for each prompt, one prompt after the other.
   *
   * @throws InvalidInput.ShapeMismatch if they do not make up {@code total}
   */
  public static Groups even(int prompts, int answersPerPrompt, int total) {
    if ((long) prompts * answersPerPrompt != total) {
      throw new InvalidInput.ShapeMismatch(
          "",
          "found "
              + total
              + " answers, but "
              + prompts
              + " prompts with "
              + answersPerPrompt
              + " each have "
              + (long) prompts * answersPerPrompt);
    }
    var answers = new ArrayList<int[]>(prompts);
    for (int g = 0; g < prompts; g++) {
      var group = new int[answersPerPrompt];
      for (int k = 0; k < answersPerPrompt; k++) {
        group[k] = g * answersPerPrompt + k;
      }
      answers.add(group);
    }
    return new Groups(answers, total);
  }

  /** Prompts, N. */
  public int size() {
    return answers.size();
  }

  /** Answers, M. */
  public int total() {
    return total;
  }

  int sizeOf(int group) {
    return answers.get(group).length;
  }

  /** The ways to take one answer of every prompt; {@code Long.MAX_VALUE} where there are more. */
  public long combinations() {
    long product = 1;
    for (int[] group : answers) {
      if (product > Long.MAX_VALUE / group.length) {
        return Long.MAX_VALUE;
      }
      product *= group.length;
    }
    return product;
  }

  /** The prompt of each answer. */
  int[] owners() {
    var owners = new int[total];
    for (int g = 0; g < answers.size(); g++) {
      for (int answer : answers.get(g)) {
        owners[answer] = g;
      }
    }
    return owners;
  }

  /** The answers at one position in each group. */
  int[] at(int[] positions) {
    var ids = new int[positions.length];
    for (int g = 0; g < ids.length; g++) {
      ids[g] = answers.get(g)[positions[g]];
    }
    return ids;
  }
}

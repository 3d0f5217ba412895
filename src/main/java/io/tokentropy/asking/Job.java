package io.tokentropy.asking;

import java.util.ArrayList;
import java.util.List;

/**
 * What is to be asked.
 *
 * @param talk in which the question stands
 * @param wordings of the question beside the original
 * @param answersPerPrompt that are wanted of every wording
 * @param rounds one for each temperature: all wordings are asked in each
 * @param logprobs whether the log-probability of each answer is wanted
 * @param longest characters of an answer that can be scored
 */
public record Job(
    Talk talk,
    Wordings wordings,
    int answersPerPrompt,
    List<Sampling> rounds,
    boolean logprobs,
    int longest) {
  public Job {
    rounds = List.copyOf(rounds);
  }

  /** Where the other wordings come from. */
  public sealed interface Wordings {
    int count();
  }

  /** They are there. */
  public record Given(List<Prompt> prompts) implements Wordings {
    public Given {
      prompts = List.copyOf(prompts);
    }

    @Override
    public int count() {
      return prompts.size();
    }
  }

  /**
   * A model writes them.
   *
   * @param sampling how; its tokens are those of a whole list
   */
  public record Written(int count, Sampling sampling) implements Wordings {}

  /** How a model is asked for wordings by default. */
  public static Sampling writing(String question, int count, Sampling like) {
    return new Sampling(
        like.temperature(),
        like.topP(),
        Paraphrases.tokensAtMost(question, count),
        List.of(),
        like.seed());
  }

  /** The same with these wordings. */
  public Job with(Given others) {
    return new Job(talk, others, answersPerPrompt, rounds, logprobs, longest);
  }

  /** Prompts in all, the original among them. */
  public int prompts() {
    return 1 + wordings.count();
  }

  /** The sizes of the calls for so many answers, where a call brings at most so many. */
  static List<Integer> parts(int answers, int most) {
    var parts = new ArrayList<Integer>();
    for (int left = answers; left > 0; left -= most) {
      parts.add(Math.min(left, most));
    }
    return parts;
  }
}

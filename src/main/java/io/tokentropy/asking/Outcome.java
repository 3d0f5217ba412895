package io.tokentropy.asking;

import io.tokentropy.asking.Reply.Choice;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What came of a job.
 *
 * @param prompts the original, then the other wordings
 * @param answers by round and prompt, each in the order in which its calls were made
 * @param ledger what it took
 * @param models as servers called themselves; several if they changed on the way
 * @param fingerprints of servers' states
 * @param notes what the caller should know
 * @param complete whether all that was wanted has come
 */
public record Outcome(
    List<Prompt> prompts,
    List<List<List<Choice>>> answers,
    CallLedger ledger,
    Set<String> models,
    Set<String> fingerprints,
    List<Note> notes,
    boolean complete) {
  public Outcome {
    prompts = List.copyOf(prompts);
    answers = answers.stream().map(round -> round.stream().map(List::copyOf).toList()).toList();
    models = new TreeSet<>(models);
    fingerprints = new TreeSet<>(fingerprints);
    notes = List.copyOf(notes);
  }

  /** Something to be said of it. */
  public record Note(String code, String message) {}

  /** The prompts with at least so many answers in every round, by their indices. */
  public List<Integer> answered(int least) {
    return IntStream.range(0, answers.isEmpty() ? 0 : prompts.size())
        .filter(prompt -> answers.stream().allMatch(round -> round.get(prompt).size() >= least))
        .boxed()
        .toList();
  }
}

package io.tokentropy.entailment;

import io.tokentropy.entailment.Judge.Pair;
import io.tokentropy.entailment.Judge.Verdict;
import io.tokentropy.refusal.Wanted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The verdicts of one request: no pair is asked for twice. */
public final class Verdicts {
  private final Judge judge;
  private final Map<Pair, Verdict> known = new HashMap<>();

  public Verdicts(Judge judge) {
    this.judge = judge;
  }

  /**
   * What some answers say of each other: row i holds what the i-th says of the others.
   *
   * @param entails n rows of n, in [0, 1], 1 on the diagonal
   * @param contradicts n rows of n, in [0, 1], 0 on the diagonal
   * @param width the widest range that a probability has
   */
  public record Matrices(List<double[]> entails, List<double[]> contradicts, double width) {}

  /** How many pairs have to be asked for, if nothing is known yet. */
  public static long pairs(List<String> answers) {
    long different = answers.stream().distinct().count();
    return different * (different - 1);
  }

  /**
   * The matrices of some answers to a question.
   *
   * @throws JudgeUnavailable if one of them cannot be judged
   */
  public Matrices of(@Nullable String question, List<String> answers) {
    var unknown = new LinkedHashSet<Pair>();
    for (String first : answers) {
      for (String second : answers) {
        var pair = new Pair(question, first, second);
        if (first.equals(second)) {
          known.put(pair, Verdict.SAME);
        } else if (!known.containsKey(pair)) {
          unknown.add(pair);
        }
      }
    }
    ask(List.copyOf(unknown));
    int n = answers.size();
    var entails = new double[n][n];
    var contradicts = new double[n][n];
    double width = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        Verdict verdict = known.get(new Pair(question, answers.get(i), answers.get(j)));
        if (verdict == null) {
          throw new IllegalStateException("a pair was not asked for");
        }
        entails[i][j] = verdict.entails();
        contradicts[i][j] = verdict.contradicts();
        width = Math.max(width, verdict.width());
      }
    }
    return new Matrices(List.of(entails), List.of(contradicts), width);
  }

  /** Several at once; the first that fails ends the others. */
  private void ask(List<Pair> pairs) {
    if (pairs.isEmpty()) {
      return;
    }
    IntFunction<Verdict> one = Wanted.carried(i -> judge.judge(pairs.get(i)));
    int threads = Math.min(judge.atOnce(), pairs.size());
    ExecutorService pool = Executors.newFixedThreadPool(threads, Thread.ofVirtual().factory());
    try {
      var verdicts = new ArrayList<Future<Verdict>>();
      for (int i = 0; i < pairs.size(); i++) {
        int pair = i;
        Callable<Verdict> task = () -> one.apply(pair);
        verdicts.add(pool.submit(task));
      }
      for (int i = 0; i < pairs.size(); i++) {
        known.put(pairs.get(i), verdicts.get(i).get());
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException why) {
        throw why;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JudgeUnavailable("the judge was not waited for", e);
    } finally {
      pool.shutdownNow();
    }
  }
}

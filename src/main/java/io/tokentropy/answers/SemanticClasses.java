package io.tokentropy.answers;

import io.tokentropy.similarity.Similarities;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;

/** Which answers mean the same: a class for each answer, numbered from 0 as they come up. */
public final class SemanticClasses {
  private final int[] classes;
  private final int count;

  private SemanticClasses(int[] classes) {
    this.classes = numbered(classes);
    this.count = Arrays.stream(this.classes).max().orElse(-1) + 1;
  }

  /** Whether two answers mean the same. */
  private interface Same {
    boolean of(int i, int j);
  }

  /** When two answers mean the same, by a judge of inference. */
  public enum Rule {
    /** Each entails the other. */
    STRICT {
      @Override
      boolean same(Entailments judged, int i, int j) {
        return judged.entails(i, j) && judged.entails(j, i);
      }
    },
    /** Neither contradicts the other, and at least one entails the other. */
    LOOSE {
      @Override
      boolean same(Entailments judged, int i, int j) {
        return !judged.contradicts(i, j)
            && !judged.contradicts(j, i)
            && (judged.entails(i, j) || judged.entails(j, i));
      }
    },
    /** One entails the other, as uqlm has it. */
    EITHER {
      @Override
      boolean same(Entailments judged, int i, int j) {
        return judged.entails(i, j) || judged.entails(j, i);
      }
    },
    /** Entailment is more probable than contradiction both ways, as lm-polygraph counts sets. */
    ABOVE_CONTRADICTION {
      @Override
      boolean same(Entailments judged, int i, int j) {
        return judged.entail(i, j) > judged.contra(i, j)
            && judged.entail(j, i) > judged.contra(j, i);
      }
    };

    abstract boolean same(Entailments judged, int i, int j);

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How pairs that mean the same make classes. */
  public enum Assign {
    /** An answer joins the first class whose first member means the same. */
    GREEDY,
    /** It joins the last such class, as the code of the Nature paper has it. */
    LAST,
    /** Whatever is tied by a chain of pairs is one class. */
    COMPONENTS;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    private int[] classes(int n, Same same) {
      return switch (this) {
        case GREEDY -> greedy(n, same);
        case LAST -> last(n, same);
        case COMPONENTS -> components(n, same);
      };
    }
  }

  /** Classes as they were given; only which are equal counts. */
  public static SemanticClasses of(int[] classes) {
    return new SemanticClasses(classes);
  }

  /** Classes by a judge of inference. */
  public static SemanticClasses of(Entailments judged, Rule rule, Assign assign) {
    return new SemanticClasses(assign.classes(judged.size(), (i, j) -> rule.same(judged, i, j)));
  }

  /** Classes by likeness: two answers mean the same from {@code threshold} on. */
  public static SemanticClasses of(Similarities similarities, double threshold, Assign assign) {
    return new SemanticClasses(
        assign.classes(similarities.size(), (i, j) -> similarities.row(i)[j] >= threshold));
  }

  private static int[] greedy(int n, Same same) {
    var classes = new int[n];
    var first = new int[n];
    int count = 0;
    for (int i = 0; i < n; i++) {
      int mine = 0;
      while (mine < count && !same.of(first[mine], i)) {
        mine++;
      }
      if (mine == count) {
        first[count++] = i;
      }
      classes[i] = mine;
    }
    return classes;
  }

  private static int[] last(int n, Same same) {
    var classes = new int[n];
    Arrays.fill(classes, -1);
    int count = 0;
    for (int i = 0; i < n; i++) {
      if (classes[i] >= 0) {
        continue;
      }
      classes[i] = count;
      for (int j = i + 1; j < n; j++) {
        if (same.of(i, j)) {
          classes[j] = count;
        }
      }
      count++;
    }
    return classes;
  }

  private static int[] components(int n, Same same) {
    var classes = new int[n];
    Arrays.fill(classes, -1);
    var waiting = new int[n];
    for (int start = 0; start < n; start++) {
      if (classes[start] >= 0) {
        continue;
      }
      int end = 0;
      waiting[end++] = start;
      classes[start] = start;
      for (int next = 0; next < end; next++) {
        for (int j = start + 1; j < n; j++) {
          int low = Math.min(waiting[next], j);
          if (classes[j] < 0 && same.of(low, Math.max(waiting[next], j))) {
            classes[j] = start;
            waiting[end++] = j;
          }
        }
      }
    }
    return classes;
  }

  private static int[] numbered(int[] classes) {
    int[] known = Arrays.stream(classes).distinct().toArray();
    var numbers = new HashMap<Integer, Integer>();
    for (int i = 0; i < known.length; i++) {
      numbers.put(known[i], i);
    }
    return Arrays.stream(classes).map(numbers::get).toArray();
  }

  /** Answers, N. */
  public int size() {
    return classes.length;
  }

  /** Classes, C. */
  public int count() {
    return count;
  }

  /** The class of each answer. */
  public int[] toArray() {
    return classes.clone();
  }

  int of(int answer) {
    return classes[answer];
  }

  /** The share of the answers that each class has. */
  public double[] shares() {
    var shares = new double[count];
    for (int each : classes) {
      shares[each]++;
    }
    return Arrays.stream(shares).map(members -> members / classes.length).toArray();
  }
}

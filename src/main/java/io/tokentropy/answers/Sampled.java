package io.tokentropy.answers;

import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the answers to one question, all lists in the order of the answers. Whatever is
 * not known is null.
 *
 * @param size answers, N, at least 1
 * @param sequences how likely each was
 * @param texts their texts
 * @param similarities how alike they are
 * @param entailments what a judge of inference says of each pair
 * @param classes which of them mean the same
 * @param energies −ln p of each, where it is something else than that of its sequence; nats
 * @param withoutToken of each, how like the whole is to it without each of its tokens
 */
public record Sampled(
    int size,
    @Nullable List<Sequence> sequences,
    @Nullable List<String> texts,
    @Nullable Similarities similarities,
    @Nullable Entailments entailments,
    @Nullable SemanticClasses classes,
    @Nullable List<Double> energies,
    @Nullable List<double[]> withoutToken) {

  /** The same with how alike they are, as somebody found out. */
  public Sampled withSimilarities(Similarities found) {
    return new Sampled(size, sequences, texts, found, entailments, classes, energies, withoutToken);
  }

  /** The same with what a judge says of each pair. */
  public Sampled withEntailments(Entailments found) {
    return new Sampled(
        size, sequences, texts, similarities, found, classes, energies, withoutToken);
  }

  /** The TokenSAR of each answer, nats; both must be known. */
  public List<Double> tokenSar() {
    List<Sequence> answers = required(sequences);
    List<double[]> without = required(withoutToken);
    var all = new ArrayList<Double>();
    for (int i = 0; i < size; i++) {
      try {
        all.add(answers.get(i).tokenSar(without.get(i)));
      } catch (InvalidInput e) {
        throw e.under("/" + i);
      }
    }
    return List.copyOf(all);
  }

  /** The energies as they were given, or −ln p of the sequences. */
  public double[] usedEnergies() {
    return energies == null
        ? required(sequences).stream().mapToDouble(answer -> -answer.lnProb()).toArray()
        : energies.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static <T> T required(@Nullable T known) {
    if (known == null) {
      throw new IllegalStateException("a measure was asked for whose input is not known");
    }
    return known;
  }

  /** Puts it together; what concerns another number of answers is refused at its field. */
  public static final class Builder {
    private int size;
    private String first = "";
    private @Nullable List<Sequence> sequences;
    private @Nullable List<String> texts;
    private @Nullable Similarities similarities;
    private @Nullable Entailments entailments;
    private @Nullable SemanticClasses classes;
    private @Nullable List<Double> energies;
    private @Nullable List<double[]> withoutToken;

    public Builder sequences(List<Sequence> known, String field) {
      require(known.size(), field);
      sequences = List.copyOf(known);
      return this;
    }

    public Builder texts(List<String> known, String field) {
      require(known.size(), field);
      texts = List.copyOf(known);
      return this;
    }

    public Builder similarities(Similarities known) {
      require(known.size(), "similarity");
      similarities = known;
      return this;
    }

    public Builder entailments(Entailments known) {
      require(known.size(), "entail");
      entailments = known;
      return this;
    }

    public Builder classes(int[] known) {
      require(known.length, "classes");
      classes = SemanticClasses.of(known);
      return this;
    }

    public Builder energies(double[] known) {
      require(known.length, "energies");
      energies = Arrays.stream(known).boxed().toList();
      return this;
    }

    public Builder withoutToken(List<double[]> known) {
      require(known.size(), "similarity_without_token");
      withoutToken = List.copyOf(known);
      return this;
    }

    private void require(int found, String field) {
      if (found == 0) {
        throw new InvalidInput.MissingInput("/" + field, "the list is empty; expected answers");
      }
      if (size != 0 && size != found) {
        throw new InvalidInput.ShapeMismatch(
            "/" + field, "found " + found + " answers, " + first + " has " + size);
      }
      if (size == 0) {
        size = found;
        first = field;
      }
    }

    /** Answers so far; 0 if nothing is known. */
    public int size() {
      return size;
    }

    public Sampled build() {
      return new Sampled(
          size, sequences, texts, similarities, entailments, classes, energies, withoutToken);
    }
  }
}

package io.tokentropy.labels;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Labels of which no two have a token in common. */
public final class LabelSet {
  private final List<Label> labels;
  private final Match match;
  private final boolean listed;
  private final Map<Integer, Integer> byId = new HashMap<>();
  private final Map<String, Integer> byText = new HashMap<>();

  /**
   * Labels by which tokens are told.
   *
   * @param match when a text of a row is one of a label
   * @param listed whether the texts of a label are all of its tokens, as ids always are
   * @throws InvalidInput.MissingInput if there is none
   * @throws InvalidInput.ConflictingInputs if two claim the same token
   * @throws InvalidInput.ParameterOutOfRange if a text has nothing to match by
   */
  public LabelSet(List<Label> labels, Match match, boolean listed) {
    this.labels = List.copyOf(labels);
    this.match = match;
    this.listed = listed;
    if (labels.isEmpty()) {
      throw new InvalidInput.MissingInput("", "the list is empty; expected labels");
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < labels.size(); i++) {
      Label label = labels.get(i);
      if (!names.add(label.name())) {
        throw new InvalidInput.ConflictingInputs(
            "/" + i, "two labels have the name \"" + label.name() + "\"");
      }
      for (int id : label.ids()) {
        claim(byId, id, i, "the token " + id);
      }
      for (String text : label.texts()) {
        String key = match.key(text);
        if (key.isEmpty()) {
          throw new InvalidInput.ParameterOutOfRange(
                  "/" + i,
                  "\"" + text + "\"",
                  "a text of which match " + match.wire() + " leaves something")
              .withHint("With `match: exact` white space counts.");
        }
        claim(byText, key, i, "the token \"" + text + "\"");
      }
    }
  }

  private <K> void claim(Map<K, Integer> owners, K token, int label, String what) {
    Integer owner = owners.putIfAbsent(token, label);
    if (owner != null && owner != label) {
      throw overlap("/" + label, what, owner, label);
    }
  }

  private InvalidInput overlap(String pointer, String what, int one, int other) {
    return new InvalidInput.ConflictingInputs(
            pointer,
            what
                + " is claimed by both \""
                + labels.get(one).name()
                + "\" and \""
                + labels.get(other).name()
                + "\", with match "
                + match.wire())
        .withHint("Leave it to one of the labels, or tell them apart with `match: exact`.");
  }

  /** In the order in which they were asked for. */
  public List<Label> labels() {
    return labels;
  }

  /** How many tokens they name together. */
  public int tokens() {
    return labels.stream().mapToInt(Label::tokens).sum();
  }

  /** The probabilities of the labels in a whole row, which are known. */
  public LabelFigures of(Distribution row) {
    var claims = new ArrayList<Claim>();
    for (int i = 0; i < labels.size(); i++) {
      Label label = labels.get(i);
      if (label.ids().isEmpty()) {
        throw new InvalidInput.MissingInput(
                "/" + i,
                "\"" + label.name() + "\" is given by texts, but a whole row has token ids alone")
            .withHint("Give the ids of its tokens: {\"name\": .., \"tokens\": [9642, ..]}.");
      }
      requireKnown(label, row.size(), i);
      var seen = new ArrayList<Seen>();
      for (int id : label.ids()) {
        seen.add(new Seen(id, null, row.lnProb(id)));
      }
      claims.add(new Claim(seen, 0, false));
    }
    return LabelFigures.exactly(labels, claims);
  }

  private static void requireKnown(Label label, int vocabSize, int index) {
    for (int id : label.ids()) {
      if (id >= vocabSize) {
        throw new InvalidInput.ParameterOutOfRange(
            "/" + index, "token id " + id, "an id below the size of the vocabulary, " + vocabSize);
      }
    }
  }

  /**
   * What is known of the labels from the best k tokens.
   *
   * @param sampled the token beside the list, as it is called elsewhere; null if nobody says
   */
  public LabelFigures of(PartialDistribution row, @Nullable Seen sampled) {
    if (row.vocabSize().isPresent()) {
      for (int i = 0; i < labels.size(); i++) {
        requireKnown(labels.get(i), row.vocabSize().getAsInt(), i);
      }
    }
    List<Seen> seen = seen(row, sampled);
    boolean ids = seen.stream().allMatch(token -> token.id() != null);
    boolean texts = seen.stream().allMatch(token -> token.text() != null);
    requireNamed(ids, texts);
    var mine = new ArrayList<List<Seen>>();
    labels.forEach(label -> mine.add(new ArrayList<>()));
    double rest = 0;
    for (Seen token : seen) {
      int owner = owner(token, ids, texts);
      if (owner < 0) {
        rest += token.prob();
      } else {
        mine.get(owner).add(token);
      }
    }
    var claims = new ArrayList<Claim>();
    for (int i = 0; i < labels.size(); i++) {
      claims.add(claim(labels.get(i), mine.get(i)));
    }
    return LabelFigures.of(labels, claims, rest, row, unnamed(row, sampled));
  }

  /** The tokens that have a name. */
  private static List<Seen> seen(PartialDistribution row, @Nullable Seen sampled) {
    var seen = new ArrayList<Seen>();
    double[] lnProbs = row.lnProbs();
    for (int i = 0; i < lnProbs.length; i++) {
      PartialDistribution.Entry entry = row.best().get(i);
      seen.add(new Seen(entry.id(), entry.token(), lnProbs[i]));
    }
    PartialDistribution.Entry beside = row.sampled();
    if (beside != null && named(beside)) {
      seen.add(new Seen(beside.id(), beside.token(), beside.lnProb()));
    } else if (beside != null && sampled != null) {
      seen.add(new Seen(sampled.id(), sampled.text(), beside.lnProb()));
    }
    return seen;
  }

  private static boolean named(PartialDistribution.Entry entry) {
    return entry.id() != null || entry.token() != null;
  }

  /** The probability of the token beside the list, if nobody says which one it is. */
  private static double unnamed(PartialDistribution row, @Nullable Seen sampled) {
    PartialDistribution.Entry beside = row.sampled();
    return beside == null || named(beside) || sampled != null ? 0 : Math.exp(beside.lnProb());
  }

  private void requireNamed(boolean ids, boolean texts) {
    for (int i = 0; i < labels.size(); i++) {
      Label label = labels.get(i);
      boolean told = (ids && !label.ids().isEmpty()) || (texts && !label.texts().isEmpty());
      if (!told) {
        String has = ids ? "ids" : texts ? "texts" : "neither texts nor ids of all its tokens";
        String given =
            label.ids().isEmpty() ? "texts" : label.texts().isEmpty() ? "ids" : "texts and ids";
        throw new InvalidInput.MissingInput(
                "/" + i,
                "\"" + label.name() + "\" is given by " + given + ", but the row has " + has)
            .withHint(
                ids
                    ? "Give the ids of its tokens: {\"name\": .., \"tokens\": [9642, ..]}."
                    : "Name the tokens of the row by `token`, or the label by texts.");
      }
    }
  }

  /** The label to which a token belongs; −1 if to none. */
  private int owner(Seen token, boolean ids, boolean texts) {
    Integer byItsId = ids ? byId.get(token.id()) : null;
    String text = texts ? token.text() : null;
    Integer byItsText = text == null ? null : byText.get(match.key(text));
    if (byItsId != null && byItsText != null && !byItsId.equals(byItsText)) {
      throw overlap(
          "/" + Math.max(byItsId, byItsText),
          "the token \"" + text + "\" with id " + token.id(),
          byItsId,
          byItsText);
    }
    return byItsId != null ? byItsId : byItsText != null ? byItsText : -1;
  }

  private Claim claim(Label label, List<Seen> mine) {
    boolean open = !label.texts().isEmpty() && !listed;
    Set<Integer> foundIds = new HashSet<>();
    Set<String> foundTexts = new HashSet<>();
    for (Seen token : mine) {
      if (token.id() != null) {
        foundIds.add(token.id());
      }
      if (token.text() != null) {
        foundTexts.add(token.text());
      }
    }
    long unseen =
        label.ids().stream().filter(id -> !foundIds.contains(id)).count()
            + label.texts().stream().filter(text -> !foundTexts.contains(text)).count();
    return new Claim(mine, open ? 0 : Math.toIntExact(unseen), open);
  }
}

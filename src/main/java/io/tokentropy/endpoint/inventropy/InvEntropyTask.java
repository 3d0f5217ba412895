package io.tokentropy.endpoint.inventropy;

import io.tokentropy.embedding.Embedder;
import io.tokentropy.embedding.Embeddings;
import io.tokentropy.embedding.LongTexts;
import io.tokentropy.endpoint.input.InputLimits;
import io.tokentropy.endpoint.input.Matrices;
import io.tokentropy.inventropy.Draws;
import io.tokentropy.inventropy.Groups;
import io.tokentropy.inventropy.InvEntropy;
import io.tokentropy.inventropy.Transitions;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One question of {@code /v1/inv-entropy}: its prompts, their answers, and how to go about them.
 *
 * @param groups which answers belong to which prompt; null where there is one each
 * @param draws of one answer a prompt; null where there is one each, or all are pooled
 */
record InvEntropyTask(
    Texts x, Texts y, @Nullable Groups groups, @Nullable Draws draws, Options options) {

  private static final List<String> KINDS = List.of("sim", "embeddings", "texts");

  /** Numbers of the vector of a text, about. */
  private static final int USUAL = 400;

  /** Options that an item may leave to the request. */
  record Options(
      Similarities.Mapping mapping,
      Transitions.ZeroRow zeroRow,
      boolean symmetrize,
      InvEntropy.MarginalX marginalX,
      boolean pooled,
      LongTexts longTexts,
      String longTextsAt) {}

  /** How alike texts are, and which of them the model could not take whole. */
  record Compared(Similarities similarities, List<Embeddings.LongText> longTexts) {
    private static Compared of(Similarities similarities) {
      return new Compared(similarities, List.of());
    }
  }

  /** Prompts or answers: what came, and at which place. */
  record Texts(String pointer, Content content) {
    int size() {
      return content.size();
    }

    /** Their similarities. */
    Compared compared(Options options, Optional<Embedder> embedder) {
      return InvalidInput.under(pointer, () -> content.compared(options, embedder));
    }

    private Texts embedded(Options options, Embedder embedder) {
      if (!(content instanceof Plain(List<String> texts))) {
        return this;
      }
      Embeddings found =
          InvalidInput.under(pointer, () -> embedder.embed(texts, options.longTexts()));
      return new Texts(pointer, new Embedded(found));
    }

    /** Numbers of one vector; 1 where there are none. */
    private long dimensions() {
      return switch (content) {
        case Matrix matrix -> 1;
        case Vectors(List<double[]> vectors) -> vectors.getFirst().length;
        case Plain plain -> USUAL;
        case Embedded(Embeddings found) -> found.vectors().getFirst().length;
      };
    }
  }

  /** What is known of prompts or answers. */
  private sealed interface Content {
    int size();

    Compared compared(Options options, Optional<Embedder> embedder);
  }

  /** How alike they are, as the caller says. */
  private record Matrix(List<double[]> rows) implements Content {
    @Override
    public int size() {
      return rows.size();
    }

    @Override
    public Compared compared(Options options, Optional<Embedder> embedder) {
      return Compared.of(Similarities.of(rows));
    }
  }

  /** Their vectors. */
  private record Vectors(List<double[]> vectors) implements Content {
    @Override
    public int size() {
      return vectors.size();
    }

    @Override
    public Compared compared(Options options, Optional<Embedder> embedder) {
      return Compared.of(Similarities.ofEmbeddings(vectors, options.mapping()));
    }
  }

  /** The texts themselves. */
  private record Plain(List<String> texts) implements Content {
    @Override
    public int size() {
      return texts.size();
    }

    @Override
    public Compared compared(Options options, Optional<Embedder> embedder) {
      Embeddings found =
          embedder.orElseThrow(InvEntropyTask::cannotEmbed).embed(texts, options.longTexts());
      return new Embedded(found).compared(options, embedder);
    }
  }

  /** Texts that have been embedded. */
  private record Embedded(Embeddings embeddings) implements Content {
    @Override
    public int size() {
      return embeddings.vectors().size();
    }

    @Override
    public Compared compared(Options options, Optional<Embedder> embedder) {
      return new Compared(
          Similarities.ofEmbeddings(embeddings.vectors(), options.mapping()),
          embeddings.longTexts());
    }
  }

  /** The field of the prompts without {@code _x}, which is also the label for meters. */
  String kind() {
    return switch (x.content()) {
      case Matrix matrix -> "sim";
      case Vectors vectors -> "embeddings";
      case Plain plain -> "texts";
      case Embedded embedded -> "texts";
    };
  }

  /** The same question once its texts are embedded. */
  InvEntropyTask embedded(Embedder embedder) {
    requireCounted(Optional.of(embedder));
    return new InvEntropyTask(
        x.embedded(options, embedder), y.embedded(options, embedder), groups, draws, options);
  }

  /** Characters of texts that are embedded here. */
  long characters() {
    return characters(x) + characters(y);
  }

  private static long characters(Texts texts) {
    return texts.content() instanceof Plain(List<String> plain)
        ? plain.stream().mapToLong(String::length).sum()
        : 0;
  }

  /**
   * Refuses {@code long_texts} where nobody can tell which texts are long.
   *
   * @throws InvalidInput.ParameterOutOfRange if the embedder does not count word pieces
   */
  void requireCounted(Optional<Embedder> embedder) {
    boolean counted = embedder.map(Embedder::countsPieces).orElse(true);
    if (x.content() instanceof Plain && options.longTexts() != LongTexts.REFUSE && !counted) {
      throw new InvalidInput.ParameterOutOfRange(
          options.longTextsAt(),
          options.longTexts().wire(),
          "refuse: texts are embedded by a server, which alone knows which are long to it");
    }
  }

  /** About how many multiplications it takes. */
  long operations() {
    long n = x.size();
    long all = (long) y.size() * y.size();
    long work = x.content() instanceof Matrix ? all : Math.max(USUAL, y.dimensions()) * all;
    return work + 4 * n * n * (draws == null ? 1 : draws.size());
  }

  /** Bytes of the matrices that it takes: similarities, chains and the chain of the prompts. */
  long bytes() {
    long n = x.size();
    long m = y.size();
    long similarities = (options.symmetrize() ? 2 : 1) * (n * n + m * m);
    long chains = options.pooled() ? 4 * m * m : 3 * n * n;
    long vectors = 2 * (n * x.dimensions() + m * y.dimensions());
    long frameworks = draws == null ? 0 : 5 * n * draws.size();
    return Double.BYTES * (similarities + chains + vectors + frameworks);
  }

  /**
   * Reads a question.
   *
   * @param fields where its texts are
   * @param request where options are that it lacks; the same object if there is only one question
   */
  static InvEntropyTask read(
      Fields fields, Fields request, InputLimits inputs, InvEntropyLimits limits) {
    Value longTexts = option(fields, request, "long_texts");
    var reader =
        new Options(
            word(
                fields,
                request,
                "mapping",
                Similarities.Mapping.SHIFTED,
                Similarities.Mapping::wire),
            word(fields, request, "zero_row", Transitions.ZeroRow.ERROR, Transitions.ZeroRow::wire),
            flag(fields, request, "symmetrize"),
            word(
                fields,
                request,
                "marginal_x",
                InvEntropy.MarginalX.BAYES,
                InvEntropy.MarginalX::wire),
            flag(fields, request, "pooled"),
            word(fields, request, "long_texts", LongTexts.REFUSE, LongTexts::wire),
            longTexts == null ? fields.pointer("long_texts") : longTexts.pointer());
    String kind = kind(fields);
    Texts x = texts(fields, kind, "_x", inputs, limits);
    Texts y = texts(fields, kind, "_y", inputs, limits);
    limits.prompts().require(x.pointer(), x.size());
    limits.answers().require(y.pointer(), y.size());
    if (x.size() < 2) {
      throw new InvalidInput.ParameterOutOfRange(
          x.pointer(), x.size() + " prompt", "at least 2; three or more say something");
    }
    Groups groups = groups(fields, request, x, y);
    Draws draws = draws(fields, request, groups, reader, limits);
    return new InvEntropyTask(x, y, groups, draws, reader);
  }

  private static @Nullable Value option(Fields fields, Fields request, String name) {
    Value own = fields.get(name);
    return own == null ? request.get(name) : own;
  }

  private static <E extends Enum<E>> E word(
      Fields fields, Fields request, String name, E absent, Function<E, String> words) {
    Value value = option(fields, request, name);
    return value == null ? absent : Fields.word(value, absent.getDeclaringClass(), words);
  }

  private static boolean flag(Fields fields, Fields request, String name) {
    Value value = option(fields, request, name);
    return value != null && value.asFlag();
  }

  /** The one kind of which prompts and answers both are there. */
  private static String kind(Fields fields) {
    String kind = null;
    for (String name : KINDS) {
      if (!fields.has(name + "_x") && !fields.has(name + "_y")) {
        continue;
      }
      if (kind != null) {
        throw new InvalidInput.ConflictingInputs(
            fields.pointer(),
            name + " stands beside " + kind + "; expected prompts and answers of one kind");
      }
      kind = name;
    }
    if (kind == null) {
      fields.refuseMisspelt();
      throw new InvalidInput.MissingInput(
          fields.pointer(),
          "there is no input; expected sim_x and sim_y, embeddings_x and embeddings_y, or texts_x"
              + " and texts_y");
    }
    return kind;
  }

  private static Texts texts(
      Fields fields, String kind, String side, InputLimits inputs, InvEntropyLimits limits) {
    Value value = fields.require(kind + side);
    String pointer = value.pointer();
    if (kind.equals("texts")) {
      List<Value> list = value.asList();
      requireSome(pointer, list.size(), limits);
      return new Texts(pointer, new Plain(plain(list, limits)));
    }
    List<double[]> rows = Matrices.read(value, inputs);
    requireSome(pointer, rows.size(), limits);
    return new Texts(pointer, kind.equals("sim") ? new Matrix(rows) : new Vectors(rows));
  }

  private static void requireSome(String pointer, int size, InvEntropyLimits limits) {
    if (size == 0) {
      throw new InvalidInput.MissingInput(pointer, "the list is empty");
    }
    limits.answers().require(pointer, size);
  }

  private static InvalidInput cannotEmbed() {
    return new InvalidInput.MissingInput("", "texts are not embedded by this service")
        .withHint(
            "Send embeddings_x and embeddings_y, or sim_x and sim_y; or set"
                + " TOKENTROPY_EMBEDDINGS_BACKEND.");
  }

  private static List<String> plain(List<Value> list, InvEntropyLimits limits) {
    var texts = new ArrayList<String>(list.size());
    for (Value value : list) {
      String text = value.asText();
      if (text.isBlank()) {
        throw new InvalidInput.ParameterOutOfRange(
            value.pointer(), "an empty text", "a text with something in it");
      }
      limits.textLength().require(value.pointer(), text.length());
      texts.add(text);
    }
    return texts;
  }

  private static @Nullable Groups groups(Fields fields, Fields request, Texts x, Texts y) {
    Value groups = fields.get("groups");
    Value perPrompt = option(fields, request, "answers_per_prompt");
    if (groups != null && perPrompt != null) {
      throw new InvalidInput.ConflictingInputs(
          perPrompt.pointer(), "answers_per_prompt stands beside groups; expected one of them");
    }
    if (groups != null) {
      List<int[]> lists = indices(groups);
      if (lists.size() != x.size()) {
        throw new InvalidInput.ShapeMismatch(
            groups.pointer(), "found " + lists.size() + " groups for " + x.size() + " prompts");
      }
      return InvalidInput.under(groups.pointer(), () -> Groups.of(lists, y.size()));
    }
    if (perPrompt != null) {
      int each = perPrompt.asInt();
      if (each < 1) {
        throw new InvalidInput.ParameterOutOfRange(perPrompt.pointer(), each, "at least 1");
      }
      return InvalidInput.under(y.pointer(), () -> Groups.even(x.size(), each, y.size()));
    }
    if (x.size() != y.size()) {
      throw new InvalidInput.ShapeMismatch(
          y.pointer(),
          "found "
              + y.size()
              + " answers for "
              + x.size()
              + " prompts; expected one each, or groups or answers_per_prompt");
    }
    return null;
  }

  private static List<int[]> indices(Value value) {
    return value.asList().stream()
        .map(list -> list.asList().stream().mapToInt(Value::asInt).toArray())
        .toList();
  }

  private static @Nullable Draws draws(
      Fields fields,
      Fields request,
      @Nullable Groups groups,
      Options options,
      InvEntropyLimits limits) {
    Value bootstrap = option(fields, request, "bootstrap");
    Value picks = fields.get("picks");
    Value exhaustive = option(fields, request, "exhaustive");
    boolean all = exhaustive != null && exhaustive.asFlag();
    Value first = bootstrap != null ? bootstrap : picks != null ? picks : all ? exhaustive : null;
    if (groups == null || options.pooled()) {
      if (first != null || (options.pooled() && groups == null)) {
        throw new InvalidInput.ConflictingInputs(
            first == null ? fields.pointer("pooled") : first.pointer(),
            groups == null
                ? "this needs several answers a prompt: groups, or answers_per_prompt"
                : "pooled takes all answers at once; expected no draws beside it");
      }
      return null;
    }
    if ((bootstrap != null ? 1 : 0) + (picks != null ? 1 : 0) + (all ? 1 : 0) > 1) {
      throw new InvalidInput.ConflictingInputs(
          fields.pointer(), "expected one of bootstrap, picks and exhaustive");
    }
    if (picks != null) {
      List<int[]> lists = indices(picks);
      if (lists.isEmpty()) {
        throw new InvalidInput.MissingInput(picks.pointer(), "the list is empty; expected draws");
      }
      requireDraws(picks.pointer(), lists.size(), limits);
      return InvalidInput.under(picks.pointer(), () -> Draws.picked(groups, lists));
    }
    if (exhaustive != null && all) {
      requireDraws(exhaustive.pointer(), groups.combinations(), limits);
      return Draws.exhaustive(groups);
    }
    int draws = 30;
    long seed = 0;
    if (bootstrap != null) {
      Fields settings = bootstrap.asFields();
      draws = settings.integer("draws", draws);
      Value start = settings.get("seed");
      seed = start == null ? 0 : start.asLong();
      settings.done();
      if (draws < 1) {
        throw new InvalidInput.ParameterOutOfRange(settings.pointer("draws"), draws, "at least 1");
      }
      requireDraws(settings.pointer("draws"), draws, limits);
    }
    return Draws.seeded(groups, draws, seed);
  }

  private static void requireDraws(String pointer, long draws, InvEntropyLimits limits) {
    limits.draws().require(pointer, draws);
  }
}

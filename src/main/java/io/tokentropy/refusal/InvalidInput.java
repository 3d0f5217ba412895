package io.tokentropy.refusal;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Why a request cannot be answered. One sealed family: each kind is one {@code code} of the
 * contract, and says where it is (JSON Pointer), what was found and what was expected. Thrown
 * before anything is computed for the item it concerns.
 *
 * <p>A capability names the place relative to its own input ({@code "/alpha"}, {@code "/3"});
 * whoever holds that input inside something larger adds the way there with {@link #under}.
 */
public abstract sealed class InvalidInput extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** One place where the input is wrong; {@code byteOffset} only for binary bodies. */
  public record Place(String pointer, String detail, @Nullable Long byteOffset) {
    public Place(String pointer, String detail) {
      this(pointer, detail, null);
    }
  }

  private transient Place place;
  private transient @Nullable String hint;

  private InvalidInput(String pointer, String detail) {
    super(detail, null, false, false);
    this.place = new Place(pointer, detail);
  }

  /** JSON Pointer to the offending value; empty for the whole body. */
  public String pointer() {
    return place.pointer();
  }

  /** One line for people: where, what was found, what was expected. */
  public String detail() {
    String detail =
        place.pointer().isEmpty() ? place.detail() : place.pointer() + ": " + place.detail();
    return detail.replaceAll("\\p{Cntrl}", "?");
  }

  /** The places to report; one, as reading stops at the first. */
  public List<Place> places() {
    return List.of(place);
  }

  /** What the caller may do about it, if there is more to say than the message says. */
  public @Nullable String hint() {
    return hint;
  }

  /**
   * The same problem, one level further out: {@code "/alpha"} under {@code "/steps/0"} is {@code
   * "/steps/0/alpha"}.
   */
  public InvalidInput under(String prefix) {
    place = new Place(prefix + place.pointer(), place.detail(), place.byteOffset());
    return this;
  }

  /**
   * What the supplier makes of an input that stands at the pointer: whatever it refuses is refused
   * there. What it refuses at that pointer or below it already was found while the request was
   * read, and stays where it is.
   */
  public static <T> T under(String pointer, Supplier<T> value) {
    try {
      return value.get();
    } catch (InvalidInput e) {
      boolean placed = e.pointer().equals(pointer) || e.pointer().startsWith(pointer + "/");
      throw placed ? e : e.under(pointer);
    }
  }

  /** The same problem at another place, where the caller wrote the same thing in another way. */
  public InvalidInput at(String pointer) {
    place = new Place(pointer, place.detail(), place.byteOffset());
    return this;
  }

  /** The same problem inside a text, which stands at the pointer; {@code part} says where in it. */
  public InvalidInput inside(String pointer, String part) {
    place = new Place(pointer, part + ": " + detail(), place.byteOffset());
    return this;
  }

  /** The same problem with advice. */
  public InvalidInput withHint(@Nullable String advice) {
    hint = advice;
    return this;
  }

  /** The same problem, found at a byte of a binary body. */
  public InvalidInput atByte(long offset) {
    place = new Place(place.pointer(), place.detail(), offset);
    return this;
  }

  /** Something stands there, and something else was expected. */
  public abstract static sealed class Unexpected extends InvalidInput {
    private static final long serialVersionUID = 1;

    private final String found;
    private final String expected;

    private Unexpected(String pointer, String found, String expected) {
      super(pointer, "found " + found + ", expected " + expected);
      this.found = found;
      this.expected = expected;
    }

    /** What stands there. */
    public String found() {
      return found;
    }

    /** What could stand there instead, as a phrase. */
    public String expected() {
      return expected;
    }
  }

  /** Not JSON, or JSON with a key twice: 400. */
  public static final class MalformedJson extends InvalidInput {
    private static final long serialVersionUID = 1;

    public MalformedJson(String pointer, String detail) {
      super(pointer, detail);
    }
  }

  /** A field that the endpoint does not have. */
  public static final class UnknownField extends InvalidInput {
    private static final long serialVersionUID = 1;

    public UnknownField(String pointer, String detail) {
      super(pointer, detail);
    }
  }

  /** A value of the wrong JSON type. */
  public static final class WrongType extends Unexpected {
    private static final long serialVersionUID = 1;

    public WrongType(String pointer, String found, String expected) {
      super(pointer, found, expected);
    }
  }

  /** Something that is needed is not there, or is there and empty. */
  public static final class MissingInput extends InvalidInput {
    private static final long serialVersionUID = 1;

    public MissingInput(String pointer, String detail) {
      super(pointer, detail);
    }
  }

  /** Two things that exclude each other. */
  public static final class ConflictingInputs extends InvalidInput {
    private static final long serialVersionUID = 1;

    public ConflictingInputs(String pointer, String detail) {
      super(pointer, detail);
    }
  }

  /** Rows of one request that differ in length. */
  public static final class RaggedRows extends InvalidInput {
    private static final long serialVersionUID = 1;

    public RaggedRows(String pointer, int found, int expected) {
      super(pointer, "this row has " + found + " entries, the first has " + expected);
    }
  }

  /** NaN, +∞, or a number too large for a double. */
  public static final class NotFinite extends Unexpected {
    private static final long serialVersionUID = 1;

    public NotFinite(String pointer, String found, String expected) {
      super(pointer, found, expected);
    }
  }

  /** A row in which no token has any probability. */
  public static final class AllMasked extends InvalidInput {
    private static final long serialVersionUID = 1;

    public AllMasked(String pointer) {
      super(
          pointer,
          "every token of this row is masked; at least one must have a probability above 0");
    }
  }

  /** Probabilities or log-probabilities that do not sum to 1, or are out of range. */
  public static final class NotADistribution extends InvalidInput {
    private static final long serialVersionUID = 1;

    public NotADistribution(String pointer, String detail) {
      super(pointer, detail);
    }
  }

  /** A parameter outside its range. */
  public static final class ParameterOutOfRange extends Unexpected {
    private static final long serialVersionUID = 1;

    public ParameterOutOfRange(String pointer, Object found, String expected) {
      super(pointer, found.toString(), expected);
    }

    /** One that is a share of 1; what looks like a percentage is answered with the share. */
    public static InvalidInput share(String pointer, double found, String expected) {
      var refusal = new ParameterOutOfRange(pointer, found, expected);
      boolean percentage = found > 1 && found <= 100;
      return percentage
          ? refusal.withHint("This is a share of 1, not a percentage: send " + found / 100 + ".")
          : refusal;
    }
  }

  /** Sizes that must agree and do not. */
  public static final class ShapeMismatch extends InvalidInput {
    private static final long serialVersionUID = 1;

    public ShapeMismatch(String pointer, String detail) {
      super(pointer, detail);
    }
  }

  /** A list that cannot be the best k of any full softmax. */
  public static final class InconsistentTopLogprobs extends InvalidInput {
    private static final long serialVersionUID = 1;

    public InconsistentTopLogprobs(String pointer, String detail) {
      super(pointer, detail);
    }
  }

  /** A state that this service did not hand out for this configuration. */
  public static final class InvalidState extends InvalidInput {
    private static final long serialVersionUID = 1;

    public InvalidState(String pointer, String detail) {
      super(pointer, detail);
    }
  }

  /**
   * More than the service was configured to take: 413, naming the limit, its value and the setting
   * that raises it.
   */
  public static final class LimitExceeded extends InvalidInput {
    private static final long serialVersionUID = 1;

    public LimitExceeded(String pointer, String limit, long found, long value, String setting) {
      super(pointer, limit + " is " + value + ", found " + found + "; raise it with " + setting);
    }
  }
}

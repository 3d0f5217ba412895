package io.tokentropy.web.problem;

/** A request that is turned away for what it is to HTTP, or because there is too much to do. */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient ProblemKind kind;

  public Refused(ProblemKind kind, String detail) {
    super(detail, null, false, false);
    this.kind = kind;
  }

  public ProblemKind kind() {
    return kind;
  }

  public Problem problem() {
    return Problem.of(kind, String.valueOf(getMessage()));
  }
}

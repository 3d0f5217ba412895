package io.tokentropy.web.problem;

/** A request that is turned away for what it is to HTTP, or because there is too much to do. */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  public Refused(ProblemKind kind, String detail) {
    this(Problem.of(kind, detail));
  }

  public Refused(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public ProblemKind kind() {
    return problem.kind();
  }

  public Problem problem() {
    return problem;
  }
}

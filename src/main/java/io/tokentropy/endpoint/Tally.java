package io.tokentropy.endpoint;

import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.Row;
import java.util.List;

/** What a call tells those who count: numbers only, never what the caller wrote. */
public interface Tally {
  /** Counts nothing. */
  Tally NONE =
      new Tally() {
        @Override
        public void input(String kind) {}

        @Override
        public void rows(int rows, List<Warning> warnings) {}

        @Override
        public void vocabulary(int size) {}

        @Override
        public void entropy(Interval nats) {}

        @Override
        public void kept(String sampler, int tokens, double mass) {}

        @Override
        public void decision(
            String reason, boolean certified, boolean switched, boolean wroteLarge) {}

        @Override
        public void invEntropy(double nats) {}
      };

  /** The kind of input, by the field that it came in. */
  void input(String kind);

  /** How many rows came, and what was made good in them. */
  void rows(int rows, List<Warning> warnings);

  /** The size of a row that says its own. */
  void vocabulary(int size);

  /** The entropy of one row. */
  void entropy(Interval nats);

  /** What one truncation left, by its last sampler. */
  void kept(String sampler, int tokens, double mass);

  /** One decision between two models, and which of them wrote the token before it. */
  void decision(String reason, boolean certified, boolean switched, boolean wroteLarge);

  /** The Inv-Entropy of one question. */
  void invEntropy(double nats);

  /** The kind of input with its rows, and the sizes of those that say theirs. */
  default void input(String kind, List<Row> rows, List<Warning> warnings) {
    input(kind);
    rows(rows.size(), warnings);
    for (Row row : rows) {
      row.vocabSize().ifPresent(this::vocabulary);
    }
  }

  /** The entropies of rows. */
  default void entropies(List<Row> rows) {
    for (Row row : rows) {
      entropy(row.entropy());
    }
  }
}

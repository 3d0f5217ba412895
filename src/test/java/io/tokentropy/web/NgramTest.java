package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ngram.Corpus;
import ngram.KneserNey;
import ngram.WalkVerses;
import org.junit.jupiter.api.Test;

/** The n-gram example against the running service. */
class NgramTest extends ServiceTest {
  @Test
  void versesAreWalkedWithTheEntropiesOfTheModel() throws IOException, InterruptedException {
    Corpus corpus = Corpus.kingJames();
    KneserNey model = KneserNey.train(3, corpus.size(), corpus.training());
    var bytes = new ByteArrayOutputStream();
    try (var out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      WalkVerses.walk(uri("/"), corpus, model, 4, "nat", out);
    }
    String printed = bytes.toString(StandardCharsets.UTF_8);
    assertThat(printed.lines()).hasSize(5);

    double sum = 0;
    int tokens = 0;
    for (int[] verse : corpus.heldBack().subList(0, 4)) {
      for (int i = 0; i < verse.length; i++) {
        sum += Arrays.stream(model.next(verse, i)).map(p -> -p * Math.log(p)).sum();
        tokens++;
      }
    }
    Matcher mean = Pattern.compile("mean entropy ([0-9.]+) nat").matcher(printed);
    assertThat(mean.find()).isTrue();
    assertThat(Double.parseDouble(mean.group(1))).isCloseTo(sum / tokens, within(1e-4));
  }
}

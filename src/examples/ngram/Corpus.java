package ngram;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Verses as lists of word ids. Every twentieth verse is held back; the vocabulary is that of the
 * others, with id 0 for the end of a verse and id 1 for any word that is not in it.
 */
public final class Corpus {
  public static final int END = 0;
  public static final int UNKNOWN = 1;

  private static final Pattern VERSE = Pattern.compile(" +\\d+ (.*)");
  private static final Pattern HEADING = Pattern.compile("[1-3A-Z][A-Za-z ]* \\d+");
  private static final Pattern WORD = Pattern.compile("[a-z]+(?:'[a-z]+)*|[.,:;?!]");
  private static final int EVERY = 20;

  private final List<String> words = new ArrayList<>(List.of("<end>", "<unknown>"));
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<int[]> training = new ArrayList<>();
  private final List<int[]> heldBack = new ArrayList<>();

  /** A corpus of verses in any order. */
  public Corpus(List<String> verses) {
    for (int i = 0; i < verses.size(); i++) {
      if (i % EVERY != EVERY - 1) {
        training.add(tokens(verses.get(i), true));
      }
    }
    for (int i = EVERY - 1; i < verses.size(); i += EVERY) {
      heldBack.add(tokens(verses.get(i), false));
    }
  }

  /** The King James Bible, which lies beside this source. */
  public static Corpus kingJames() throws IOException {
    return new Corpus(verses(Path.of("src/examples/ngram/kjv.txt.gz")));
  }

  /** The verses of a gzipped text: a number starts one, lines without a number go on with it. */
  static List<String> verses(Path file) throws IOException {
    var verses = new ArrayList<String>();
    var verse = new StringBuilder();
    try (var in = new GZIPInputStream(Files.newInputStream(file));
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher start = VERSE.matcher(line);
        boolean starts = start.matches();
        if ((starts || line.isEmpty()) && !verse.isEmpty()) {
          verses.add(verse.toString());
          verse.setLength(0);
        }
        if (starts) {
          verse.append(start.group(1));
        } else if (!verse.isEmpty() && !HEADING.matcher(line).matches()) {
          verse.append(' ').append(line);
        }
      }
    }
    if (!verse.isEmpty()) {
      verses.add(verse.toString());
    }
    return verses;
  }

  private int[] tokens(String verse, boolean grow) {
    var tokens = new ArrayList<Integer>();
    Matcher word = WORD.matcher(verse.toLowerCase(Locale.ROOT));
    while (word.find()) {
      Integer id = ids.get(word.group());
      if (id == null && grow) {
        id = words.size();
        words.add(word.group());
        ids.put(word.group(), id);
      }
      tokens.add(id == null ? UNKNOWN : id);
    }
    tokens.add(END);
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }

  /** V: how many tokens there are, the end and the unknown word included. */
  public int size() {
    return words.size();
  }

  public String word(int id) {
    return words.get(id);
  }

  /** The verses to train on, each with its end. */
  public List<int[]> training() {
    return training;
  }

  /** The verses that no model has seen, each with its end. */
  public List<int[]> heldBack() {
    return heldBack;
  }
}

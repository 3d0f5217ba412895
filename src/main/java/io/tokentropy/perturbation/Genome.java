package io.tokentropy.perturbation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A perturbed text as a list of words, each of which is one of the original or stands for one.
 * Where a word was left out, its gene is not there.
 */
public record Genome(List<Gene> genes) {
  /** The text as it was. */
  static Genome of(Words words) {
    return new Genome(IntStream.range(0, words.size()).mapToObj(i -> new Gene(i, null)).toList());
  }

  int size() {
    return genes.size();
  }

  /** The same with another word at a place of the list. */
  Genome replaced(int index, String by) {
    var changed = new ArrayList<>(genes);
    changed.set(index, new Gene(genes.get(index).position(), by));
    return new Genome(changed);
  }

  /** The same without the word at a place of the list. */
  Genome without(int index) {
    var changed = new ArrayList<>(genes);
    changed.remove(index);
    return new Genome(changed);
  }

  /** The genes of words before that position of the original. */
  private int before(int position) {
    int count = 0;
    while (count < genes.size() && genes.get(count).position() < position) {
      count++;
    }
    return count;
  }

  /** Two parents that change their tails, the second child beginning as the second parent. */
  record Children(Genome first, Genome second) {}

  /** Cut at the same place of both lists. */
  static Children crossed(Genome a, Genome b, int h) {
    return new Children(
        new Genome(spliced(a.genes, h, b.genes, h)), new Genome(spliced(b.genes, h, a.genes, h)));
  }

  /** Cut before the same word of the original, so that no word is lost or repeated. */
  static Children crossedAt(Genome a, Genome b, int position) {
    int inA = a.before(position);
    int inB = b.before(position);
    return new Children(
        new Genome(spliced(a.genes, inA, b.genes, inB)),
        new Genome(spliced(b.genes, inB, a.genes, inA)));
  }

  /** The first {@code length} of one list, then the other from {@code from} on. */
  static <T> List<T> spliced(List<T> head, int length, List<T> tail, int from) {
    var child = new ArrayList<T>(length + tail.size() - from);
    child.addAll(head.subList(0, length));
    child.addAll(tail.subList(from, tail.size()));
    return child;
  }
}

package io.tokentropy.perturbation;

import io.tokentropy.distribution.SplitMix64;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.refusal.Wanted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Perturbed texts by a genetic algorithm: from all changes of one key word, populations are bred
 * that lie further and further from the original, and texts are drawn from several of them. It does
 * not optimise. The same seed gives the same texts.
 *
 * @see <a href="https://arxiv.org/abs/2506.09684">Inv-Entropy, appendix C</a>
 */
public final class Gaap {
  /** After so many generations without a text that was not seen before there are no more. */
  private static final int PATIENCE = 5;

  private final Words words;
  private final List<Integer> keys;
  private final Set<Integer> mutable;
  private final Substitutes substitutes;
  private final Closeness closeness;
  private final Settings settings;
  private final SplitMix64 random;
  private final Map<String, Double> known = new HashMap<>();

  private Gaap(
      Words words,
      List<Integer> keys,
      Substitutes substitutes,
      Closeness closeness,
      Settings settings,
      long seed) {
    this.words = words;
    this.keys = keys;
    this.mutable =
        Set.copyOf(settings.mutation() == Mutable.KEY_WORDS ? keys : substitutes.positions());
    this.substitutes = substitutes;
    this.closeness = closeness;
    this.settings = settings;
    this.random = new SplitMix64(seed);
  }

  /** Where two parents are cut. */
  public enum Cut {
    /** At the same place of both lists of words, as in the paper. */
    INDEX,
    /** Before the same word of the original, so that none is repeated or lost. */
    WORD;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Which words a mutation may change. */
  public enum Mutable {
    KEY_WORDS,
    /** Each for which something can stand. */
    ANY_WORD;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Why no further generation was bred. */
  public enum StoppedBy {
    /** No text of the generation is as close to the original as {@code delta}. */
    DELTA,
    /** There are as many as were asked for. */
    LIMIT,
    /** Five generations in a row brought no text that was not seen before. */
    EXHAUSTED;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How to breed.
   *
   * @param count texts that are wanted
   * @param generations after the first population, at most
   * @param interval from one population of which texts are drawn to the next
   * @param parents of one generation
   * @param pairs of one generation, each of which has two children and two mutants
   * @param delta closeness below which a population is too far away
   * @param populationLimit texts of the first population; of more a sample is taken
   * @param fill whether there are {@code count} texts even where fewer are distinct
   */
  public record Settings(
      int count,
      int generations,
      int interval,
      int parents,
      int pairs,
      Cut crossover,
      Mutable mutation,
      double delta,
      int populationLimit,
      boolean fill) {

    /** Texts of one generation after the first, at most. */
    public int generationSize() {
      return parents + 4 * pairs;
    }

    /** Texts whose closeness may have to be found. */
    public long texts() {
      return populationLimit + 4L * generations * pairs;
    }
  }

  /**
   * One perturbed text.
   *
   * @param generation of the population from which it was drawn, from 0
   * @param closeness to the original
   */
  public record Perturbation(String text, int generation, double closeness, Genome genome) {}

  /**
   * One population.
   *
   * @param distinct texts
   * @param closest the greatest closeness to the original
   * @param mean closeness
   */
  public record Population(int generation, int size, int distinct, double closest, double mean) {}

  /**
   * What came out.
   *
   * @param distinct texts among the perturbations
   */
  public record Result(
      List<Perturbation> perturbations,
      int distinct,
      List<Population> populations,
      StoppedBy stoppedBy) {}

  private record Member(Genome genome, String text, double closeness) {
    String key() {
      return text.toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Breeds and draws.
   *
   * @param keys positions of the key words, each with something that can stand for it
   * @throws InvalidInput.ParameterOutOfRange if nothing can change
   */
  public static Result of(
      Words words,
      List<Integer> keys,
      Substitutes substitutes,
      Closeness closeness,
      Settings settings,
      long seed) {
    return new Gaap(words, keys, substitutes, closeness, settings, seed).run();
  }

  /**
   * A change of one word.
   *
   * @param by what takes its place; null if nothing does
   */
  record Change(int position, @Nullable String by) {
    Genome of(Genome original) {
      return by == null ? original.without(position) : original.replaced(position, by);
    }
  }

  /** Every change of one key word: by each of its substitutes, and last by leaving it out. */
  static List<Change> changes(Words words, List<Integer> keys, Substitutes substitutes) {
    var all = new ArrayList<Change>();
    for (int position : keys) {
      substitutes.at(position).forEach(by -> all.add(new Change(position, by)));
      if (substitutes.deletion() && words.size() > 1) {
        all.add(new Change(position, null));
      }
    }
    return all;
  }

  /** The chance of each to become a parent: its share of all closeness. */
  static double[] roulette(double[] closeness) {
    double total = IntStream.range(0, closeness.length).mapToDouble(i -> closeness[i]).sum();
    return IntStream.range(0, closeness.length)
        .mapToDouble(i -> total > 0 ? closeness[i] / total : 1.0 / closeness.length)
        .toArray();
  }

  /** Whether a population is the last. */
  static boolean stops(int generation, int limit, double[] closeness, double delta) {
    return generation >= limit || isFar(closeness, delta);
  }

  private static boolean isFar(double[] closeness, double delta) {
    for (double each : closeness) {
      if (each >= delta) {
        return false;
      }
    }
    return true;
  }

  private Result run() {
    List<Member> population = first();
    var populations = new ArrayList<Population>();
    var drawn = new LinkedHashMap<Integer, List<Member>>();
    int generation = 0;
    int stale = 0;
    StoppedBy stoppedBy = null;
    while (stoppedBy == null) {
      Wanted.orStop();
      double[] closeness = population.stream().mapToDouble(Member::closeness).toArray();
      populations.add(described(generation, population));
      boolean far = isFar(closeness, settings.delta());
      if (generation == 0 || (generation % settings.interval() == 0 && !far)) {
        drawn.put(generation, distinct(population));
      }
      if (stops(generation, settings.generations(), closeness, settings.delta())) {
        stoppedBy = far ? StoppedBy.DELTA : StoppedBy.LIMIT;
      } else if (stale == PATIENCE) {
        stoppedBy = StoppedBy.EXHAUSTED;
      } else {
        int before = known.size();
        population = next(population, closeness);
        generation++;
        stale = known.size() == before ? stale + 1 : 0;
      }
    }
    return result(drawn, populations, stoppedBy);
  }

  private static Population described(int generation, List<Member> population) {
    var closeness = population.stream().mapToDouble(Member::closeness).summaryStatistics();
    return new Population(
        generation,
        population.size(),
        distinct(population).size(),
        closeness.getMax(),
        closeness.getAverage());
  }

  /** The first with each text. */
  private static List<Member> distinct(List<Member> population) {
    var byText = new LinkedHashMap<String, Member>();
    population.forEach(member -> byText.putIfAbsent(member.key(), member));
    return List.copyOf(byText.values());
  }

  private List<Member> first() {
    List<Change> some = sampled(changes(words, keys, substitutes), settings.populationLimit());
    Genome original = Genome.of(words);
    List<Member> members =
        distinct(members(some.stream().map(change -> change.of(original)).toList()));
    if (members.isEmpty()) {
      throw new InvalidInput.ParameterOutOfRange(
          "",
          "a text in which nothing can change",
          "one with a word for which something can stand");
    }
    return members;
  }

  /** The genomes with their texts; the original, and nothing at all, are no perturbations. */
  private List<Member> members(List<Genome> genomes) {
    String original = words.text().toLowerCase(Locale.ROOT);
    var members = new ArrayList<Member>();
    for (Genome genome : genomes) {
      Wanted.orStop();
      if (genome.size() > 0) {
        var member = new Member(genome, words.write(genome), 0);
        if (!member.key().equals(original)) {
          members.add(member);
        }
      }
    }
    return measured(members);
  }

  /** The same with their closeness, which each text has once. */
  private List<Member> measured(List<Member> members) {
    List<String> fresh =
        members.stream().map(Member::text).distinct().filter(t -> !known.containsKey(t)).toList();
    if (!fresh.isEmpty()) {
      double[] found = closeness.of(fresh);
      IntStream.range(0, found.length).forEach(i -> known.put(fresh.get(i), found[i]));
    }
    return members.stream()
        .map(
            member ->
                new Member(
                    member.genome(),
                    member.text(),
                    Objects.requireNonNull(known.get(member.text()))))
        .toList();
  }

  private List<Member> next(List<Member> population, double[] closeness) {
    double[] chances = roulette(closeness);
    List<Member> parents =
        IntStream.range(0, settings.parents())
            .mapToObj(i -> population.get(spun(chances)))
            .toList();
    var children = new ArrayList<Genome>();
    for (int i = 0; i < settings.pairs(); i++) {
      int one = random.position(parents.size());
      int other = parents.size() == 1 ? one : random.position(parents.size() - 1);
      int second = other < one || parents.size() == 1 ? other : other + 1;
      Genome.Children born = crossed(parents.get(one).genome(), parents.get(second).genome());
      children.add(born.first());
      children.add(born.second());
    }
    List<Genome> mutants = children.stream().map(this::mutated).toList();
    var all = new ArrayList<>(parents);
    all.addAll(members(Stream.concat(children.stream(), mutants.stream()).toList()));
    return all;
  }

  /** A position on the wheel. */
  private int spun(double[] chances) {
    double left = random.next();
    for (int i = 0; i < chances.length - 1; i++) {
      left -= chances[i];
      if (left < 0) {
        return i;
      }
    }
    return chances.length - 1;
  }

  private Genome.Children crossed(Genome a, Genome b) {
    int length = settings.crossover() == Cut.WORD ? words.size() : Math.min(a.size(), b.size());
    if (length < 2) {
      return new Genome.Children(a, b);
    }
    int h = 1 + random.position(length - 1);
    return settings.crossover() == Cut.WORD ? Genome.crossedAt(a, b, h) : Genome.crossed(a, b, h);
  }

  /** The same with one word changed; as it is if none can. */
  private Genome mutated(Genome genome) {
    boolean deletion = substitutes.deletion() && genome.size() > 1;
    int[] places =
        IntStream.range(0, genome.size())
            .filter(i -> mutable.contains(genome.genes().get(i).position()))
            .toArray();
    if (places.length == 0) {
      return genome;
    }
    int place = places[random.position(places.length)];
    List<String> by = substitutes.at(genome.genes().get(place).position());
    int choice = random.position(by.size() + (deletion ? 1 : 0));
    return choice == by.size() ? genome.without(place) : genome.replaced(place, by.get(choice));
  }

  /** Some of them, each as likely as the others, in their order; all if they are not more. */
  private <T> List<T> sampled(List<T> all, int count) {
    if (all.size() <= count) {
      return all;
    }
    int[] order = IntStream.range(0, all.size()).toArray();
    for (int i = 0; i < count; i++) {
      int j = i + random.position(order.length - i);
      int other = order[j];
      order[j] = order[i];
      order[i] = other;
    }
    return IntStream.of(order).limit(count).sorted().mapToObj(all::get).toList();
  }

  /**
   * As many of each population that is drawn from, distinct ones first: too many are thinned out,
   * too few filled up, at last with texts that are there already.
   */
  private Result result(
      Map<Integer, List<Member>> drawn, List<Population> populations, StoppedBy stoppedBy) {
    int share = Math.ceilDiv(settings.count(), drawn.size());
    var taken = new LinkedHashMap<String, Perturbation>();
    drawn.forEach((generation, members) -> take(generation, members, share, taken));
    List<Perturbation> some = sampled(List.copyOf(taken.values()), settings.count());
    if (some.size() < settings.count()) {
      var rest = new LinkedHashMap<String, Perturbation>();
      drawn.forEach(
          (generation, members) -> {
            for (Member member : members) {
              if (!taken.containsKey(member.key())) {
                rest.putIfAbsent(member.key(), of(generation, member));
              }
            }
          });
      some =
          Stream.concat(
                  some.stream(),
                  sampled(List.copyOf(rest.values()), settings.count() - some.size()).stream())
              .toList();
    }
    int distinct = some.size();
    var all = new ArrayList<>(some);
    while (settings.fill() && all.size() < settings.count()) {
      all.add(some.get(random.position(distinct)));
    }
    return new Result(
        all.stream().sorted(Comparator.comparingInt(Perturbation::generation)).toList(),
        distinct,
        populations,
        stoppedBy);
  }

  private void take(
      int generation, List<Member> members, int share, Map<String, Perturbation> taken) {
    List<Member> free = members.stream().filter(m -> !taken.containsKey(m.key())).toList();
    sampled(free, share).forEach(member -> taken.put(member.key(), of(generation, member)));
  }

  private static Perturbation of(int generation, Member member) {
    return new Perturbation(member.text(), generation, member.closeness(), member.genome());
  }
}

package io.tokentropy.json;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The members of one object, in the order of the request. Most objects of a request have two or
 * three (a token and its log-probability), and there are many of them: two arrays hold these, and a
 * name is found by looking at each. From {@value #FEW} members on a hash table finds them.
 */
final class Members extends AbstractMap<String, Value> {
  private static final int FEW = 16;

  private String[] names = new String[2];
  private Value[] values = new Value[2];
  private int size;
  private @Nullable Map<String, Value> table;

  /** Adds a member; false, and nothing is added, if there is one of that name. */
  boolean add(String name, Value value) {
    if (get(name) != null) {
      return false;
    }
    if (size == names.length) {
      names = Arrays.copyOf(names, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    names[size] = name;
    values[size++] = value;
    if (size == FEW) {
      table = new HashMap<>();
      forEach(table::put);
    } else if (table != null) {
      table.put(name, value);
    }
    return true;
  }

  @Override
  public @Nullable Value get(@Nullable Object name) {
    if (table != null) {
      return table.get(name);
    }
    for (int i = 0; i < size; i++) {
      if (names[i].equals(name)) {
        return values[i];
      }
    }
    return null;
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return get(name) != null;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void forEach(BiConsumer<? super String, ? super Value> action) {
    for (int i = 0; i < size; i++) {
      action.accept(names[i], values[i]);
    }
  }

  @Override
  public Set<Entry<String, Value>> entrySet() {
    return new Entries();
  }

  private final class Entries extends AbstractSet<Entry<String, Value>> {
    @Override
    public int size() {
      return size;
    }

    @Override
    public Iterator<Entry<String, Value>> iterator() {
      return new Iterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < size;
        }

        @Override
        public Entry<String, Value> next() {
          if (next >= size) {
            throw new NoSuchElementException();
          }
          return Map.entry(names[next], values[next++]);
        }
      };
    }
  }
}

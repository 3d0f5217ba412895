package io.tokentropy.entropy;

import java.util.PriorityQueue;
import java.util.function.IntToDoubleFunction;

/** Picks the k greatest of many numbers. */
final class Greatest {
  private Greatest() {}

  /** The {@code k} greatest of {@code number(0) .. number(size − 1)}, greatest first. */
  static double[] of(int size, IntToDoubleFunction number, int k) {
    var heap = new PriorityQueue<Double>(k);
    for (int i = 0; i < size; i++) {
      double each = number.applyAsDouble(i);
      if (heap.size() < k) {
        heap.add(each);
      } else if (each > heap.element()) {
        heap.remove();
        heap.add(each);
      }
    }
    var greatest = new double[heap.size()];
    for (int i = greatest.length - 1; i >= 0; i--) {
      greatest[i] = heap.remove();
    }
    return greatest;
  }
}

package io.tokentropy.perturbation;

import org.jspecify.annotations.Nullable;

/**
 * One word of a perturbed text.
 *
 * @param position of the word in the original, from 0
 * @param by what stands in its place; null for the word itself
 */
public record Gene(int position, @Nullable String by) {}

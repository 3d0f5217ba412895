package io.tokentropy.perturbation;

import java.util.Locale;
import java.util.Set;

/** English words that say how others belong together, and are no key words. */
final class StopWords {
  private static final Set<String> ALL =
      Set.of(
          """
          a an the this that these those such same other another each every either neither both all any some no none few many much more most
          less least several enough own
          i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself
          they them their theirs themselves one ones oneself someone somebody something anyone anybody anything everyone everybody everything
          nobody nothing who whom whose which what when where why how whoever whatever whichever whenever wherever however there here
          am is are was were be been being have has had having do does did doing done can could may might must shall should will would ought
          cannot let lets
          about above across after against along among amid around as at before behind below beneath beside besides between beyond by despite
          down during except for from in inside into like near of off on onto out outside over past per since than through throughout till to
          toward towards under underneath until unto up upon via versus with within without
          and but or nor so yet if unless although though because while whereas whether
          not only also too very just even still again ever never always then once now thus hence else rather quite almost already perhaps
          yes please
          """
              .strip()
              .split("\\s+"));

  private StopWords() {}

  /** Whether it is one; contractions are too, as in {@code don't}. */
  static boolean has(String word) {
    String lower = word.toLowerCase(Locale.ROOT).replace('’', '\'');
    return ALL.contains(lower) || lower.indexOf('\'') > 0;
  }
}

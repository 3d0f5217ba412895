package io.tokentropy.web.call;

import io.tokentropy.score.Thinking;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How answers are scored.
 *
 * @param thinkingTags what stands around thinking in the text of servers that have no field for it,
 *     as {@code <think>...</think>}
 */
@ConfigurationProperties("tokentropy")
record ScoreSettings(
    @DefaultValue({
          "<think>...</think>",
          "<thinking>...</thinking>",
          "<reasoning>...</reasoning>",
          "[THINK]...[/THINK]",
          "<|channel|>analysis<|message|>...<|end|>"
        })
        List<String> thinkingTags) {

  ScoreSettings {
    thinkingTags = List.copyOf(thinkingTags);
    thinkingTags.forEach(Thinking.Tag::of);
  }

  List<Thinking.Tag> tags() {
    return thinkingTags.stream().map(Thinking.Tag::of).toList();
  }
}

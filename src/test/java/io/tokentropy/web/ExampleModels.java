package io.tokentropy.web;

import io.tokentropy.upstream.ScriptedUpstream;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** A pair of model servers that answer what the contract's examples say. */
final class ExampleModels implements ApplicationContextInitializer<ConfigurableApplicationContext> {
  @Override
  public void initialize(ConfigurableApplicationContext context) {
    ScriptedUpstream models = models();
    TestPropertyValues.of(
            "tokentropy.gateway.enabled=true",
            "tokentropy.gateway.pairs.demo.small=small",
            "tokentropy.gateway.pairs.demo.large=large",
            "tokentropy.ask.enabled=true",
            "tokentropy.ask.upstream=example",
            "tokentropy.upstreams.example.url=http://127.0.0.1:1",
            "tokentropy.upstreams.example.kind=openai",
            "tokentropy.upstreams.example.model=example")
        .applyTo(context);
    for (String name : new String[] {"small", "large"}) {
      String upstream = "tokentropy.upstreams." + name;
      TestPropertyValues.of(
              upstream + ".url=" + models.url(),
              upstream + ".kind=openai",
              upstream + ".model=" + name)
          .applyTo(context);
    }
  }

  private static ScriptedUpstream models() {
    var models = new ScriptedUpstream();
    for (String path : new String[] {"/v1/chat/completions", "/v1/completions"}) {
      models.on(path, ScriptedUpstream.json(example(path)));
    }
    return models;
  }

  /** What the contract shows as the answer of a path. */
  private static String example(String path) {
    return Contract.FILE
        .at("/paths/" + path.replace("/", "~1") + "/post/responses/200/content/application~1json")
        .get("examples")
        .iterator()
        .next()
        .get("value")
        .toString();
  }
}

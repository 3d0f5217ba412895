package io.tokentropy.helm;

import static io.tokentropy.helm.Manifests.at;
import static io.tokentropy.helm.Manifests.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart: linted, rendered over many values, and checked as Kubernetes would. */
class ChartTest {
  private static final String OPEN = "auth: { mode: none }\n";

  @TempDir private static Path folder;

  private static Chart chart;

  @BeforeAll
  static void copy() throws IOException {
    chart = Chart.in(folder.resolve("chart"));
  }

  static List<Chart.Example> taken() throws IOException {
    return Chart.examples("taken.yaml");
  }

  static List<Chart.Example> refused() throws IOException {
    return Chart.examples("refused.yaml");
  }

  private static Manifests manifests(String values) throws IOException {
    return Manifests.of(chart.render(values));
  }

  @Test
  void theChartIsClean() {
    assertThat(new Helm(Chart.SOURCE).lint().strict().call().isFailed()).isFalse();
  }

  @Test
  void thereAreFortySetsOfValuesAtTheLeast() throws IOException {
    assertThat(taken()).hasSizeGreaterThanOrEqualTo(40);
  }

  @ParameterizedTest
  @MethodSource("taken")
  void everySetOfValuesRendersWhatKubernetesTakes(Chart.Example example) throws IOException {
    String rendered = chart.render(example.values());
    assertThat(chart.render(example.values())).isEqualTo(rendered);
    Manifests manifests = Manifests.of(rendered);
    manifests.validate();
    var rules = new Rules(manifests);
    rules.check();
    if (!example.values().contains("ecurityContext:")) {
      rules.checkRestricted();
    }
    assertThat(at(manifests.deployment(), "spec.replicas") == null)
        .isEqualTo(example.values().contains("autoscaling: { enabled: true"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void misuseIsRefusedInWordsThatHelp(Chart.Example example) {
    assertThatThrownBy(() -> chart.render(example.values())).hasMessageContaining(example.says());
  }

  @Test
  void aKeyThatStandsInPlaceOfItsHashIsNotRepeated() {
    assertThatThrownBy(() -> chart.render("auth: { keys: [my-secret-key] }"))
        .hasMessageNotContaining("my-secret-key");
  }

  /** The checks see a misspelt field, and a word where a number belongs. */
  @ParameterizedTest
  @CsvSource({
    "ServiceMonitor, spec.endpoints.0, prot, management",
    "PrometheusRule, spec.groups.0, rule, x",
    "Deployment, spec, replicas, eighty",
    "Deployment, spec.template.spec.containers.0, livenessprobe, x",
    "Service, spec.ports.0, port, eighty",
    "Ingress, spec.rules.0, hosts, x",
    "HTTPRoute, spec.rules.0, backends, x"
  })
  @SuppressWarnings("unchecked")
  void aWrongManifestIsRefused(String kind, String place, String field, String value)
      throws IOException {
    String everything =
        """
        auth: { mode: none }
        serviceMonitor: { enabled: true }
        prometheusRule: { enabled: true }
        ingress: { enabled: true, hosts: [t.example] }
        httpRoute: { enabled: true, parentRefs: [{ name: gateway }] }
        """;
    Map<String, Object> manifest =
        manifests(everything).all().stream()
            .filter(one -> kind.equals(one.get("kind")))
            .findFirst()
            .orElseThrow();
    Manifests.validate(manifest);
    ((Map<String, Object>) at(manifest, place)).put(field, value);
    assertThatThrownBy(() -> Manifests.validate(manifest)).hasMessageContaining(field);
  }

  /** Versions of builds hold a +, which neither a label nor a tag may. */
  @ParameterizedTest
  @CsvSource({
    "0.2.0+build.7, 0.2.0_build.7",
    "1.0.0-rc.1+a-b, 1.0.0-rc.1_a-b",
    "1.0.0+0123456789012345678901234567890123456789012345678901234567890123456789,"
        + " 1.0.0_0123456789012345678901234567890123456789012345678901234567890123456789"
  })
  void aVersionWithPlusMakesLabelsAndATag(String version, String tag) throws IOException {
    Chart built =
        Chart.in(
            folder.resolve(version),
            file -> file.replaceAll("(?m)^(version|appVersion): .*", "$1: \"" + version + "\""));
    Manifests manifests = Manifests.of(built.render(OPEN));
    manifests.validate();
    new Rules(manifests).check();
    assertThat(at(manifests.container(), "image")).isEqualTo("tokentropy:" + tag);
    assertThat((String) at(manifests.deployment(), "metadata.labels.app.kubernetes.io/version"))
        .isNull();
    assertThat(((Map<?, ?>) at(manifests.deployment(), "metadata.labels")).values().toString())
        .contains(tag.substring(0, Math.min(tag.length(), 60)))
        .contains("tokentropy-" + tag.substring(0, Math.min(tag.length(), 50)));
  }

  @ParameterizedTest
  @CsvSource({
    "tokentropy, tokentropy",
    "team.scores, team-scores-tokentropy",
    "a23456789-123456789-123456789-123456789-123456789-123,"
        + " a23456789-123456789-123456789-123456789-123456789-123-tokentrop"
  })
  void aReleaseGivesNamesThatKubernetesTakes(String release, String name) throws IOException {
    Manifests manifests = Manifests.of(chart.render(release, OPEN));
    manifests.validate();
    new Rules(manifests).check();
    assertThat(at(manifests.deployment(), "metadata.name")).isEqualTo(name);
  }

  @Test
  void aReleaseThatCannotNameAServiceIsRefused() {
    assertThatThrownBy(() -> chart.render("1st", OPEN))
        .hasMessageContaining("1st-tokentropy cannot be the name of a Service");
  }

  @Test
  void thePodsOfAnUpgradeAreFoundByTheSameSelector() throws IOException {
    assertThat(at(manifests(OPEN).deployment(), "spec.selector.matchLabels"))
        .isEqualTo(
            Map.of(
                "app.kubernetes.io/name", "tokentropy", "app.kubernetes.io/instance", "release"));
  }

  @Test
  void hashesOfKeysBecomeASecretThatIsMounted() throws IOException {
    Manifests manifests =
        manifests(
            "auth: { keys:"
                + " [BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD] }");
    assertThat(at(manifests.only(Secret.class), "metadata.name"))
        .isEqualTo("release-tokentropy-keys");
    assertThat(at(manifests.only(Secret.class), "stringData.keys"))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n");
    assertThat(list(manifests.container(), "env").toString())
        .contains("{name=TOKENTROPY_AUTH_API_KEYS_FILE, value=/etc/tokentropy/keys/keys}");
    assertThat(list(manifests.container(), "volumeMounts").toString())
        .contains("{name=keys, mountPath=/etc/tokentropy/keys, readOnly=true}");
  }

  @Test
  void keysOfModelServersAreMountedFromTheirSecretsAndStandNowhereElse() throws IOException {
    Manifests manifests =
        manifests(
            OPEN
                + """
                gateway:
                  enabled: true
                  upstreams:
                    small: { url: "https://s", kind: vllm, model: s, keySecret: { name: a, key: b } }
                    large: { url: "https://l", kind: openai, model: l }
                  pairs: { demo: { small: small, large: large, mode: switch, threshold: 0 } }
                """);
    assertThat(list(manifests.container(), "env").toString())
        .contains("{name=TOKENTROPY_GATEWAY_ENABLED, value=true}")
        .contains("{name=TOKENTROPY_UPSTREAMS_SMALL_URL, value=https://s}")
        .contains(
            "{name=TOKENTROPY_UPSTREAMS_SMALL_API_KEY_FILE,"
                + " value=/etc/tokentropy/upstreams/small}")
        .contains("{name=TOKENTROPY_UPSTREAMS_LARGE_KIND, value=openai}")
        .doesNotContain("LARGE_API_KEY", "secretKeyRef")
        .contains("{name=TOKENTROPY_GATEWAY_PAIRS_DEMO_SMALL, value=small}")
        .contains("{name=TOKENTROPY_GATEWAY_PAIRS_DEMO_MODE, value=switch}")
        .contains("{name=TOKENTROPY_GATEWAY_PAIRS_DEMO_EAD_THRESHOLD, value=0}");
    assertThat(list(manifests.deployment(), "spec.template.spec.volumes").toString())
        .contains(
            "{name=upstreams, projected={sources=[{secret={name=a, items=[{key=b,"
                + " path=small}]}}]}}");
    assertThat(list(manifests.container(), "volumeMounts").toString())
        .contains("{name=upstreams, mountPath=/etc/tokentropy/upstreams, readOnly=true}");
  }

  @Test
  void aServiceAccountThatExistsIsUsedAndNoneIsMade() throws IOException {
    Manifests named = manifests(OPEN + "serviceAccount: { create: false, name: inference }");
    assertThat(named.of(ServiceAccount.class)).isEmpty();
    assertThat(at(named.deployment(), "spec.template.spec.serviceAccountName"))
        .isEqualTo("inference");
    Manifests unnamed = manifests(OPEN + "serviceAccount: { create: false }");
    assertThat(at(unnamed.deployment(), "spec.template.spec.serviceAccountName"))
        .isEqualTo("default");
  }

  @Test
  void securityContextsMayBeChangedAndEmptied() throws IOException {
    Manifests changed =
        manifests(OPEN + "podSecurityContext: { runAsUser: 20001, runAsNonRoot: null }");
    assertThat(at(changed.deployment(), "spec.template.spec.securityContext"))
        .isEqualTo(Map.of("runAsUser", 20001, "seccompProfile", Map.of("type", "RuntimeDefault")));
    Manifests emptied = manifests(OPEN + "podSecurityContext: null\nsecurityContext: null");
    for (Object pod :
        List.of(
            at(emptied.deployment(), "spec.template.spec"), at(emptied.only(Pod.class), "spec"))) {
      assertThat(at(pod, "securityContext")).isNull();
      assertThat(at(pod, "containers.0.securityContext")).isNull();
    }
  }

  @Test
  void probesTakeTheirTimesFromTheValues() throws IOException {
    Manifests manifests = manifests(OPEN + "probes: { liveness: { periodSeconds: 30 } }");
    assertThat(at(manifests.container(), "livenessProbe.periodSeconds")).isEqualTo(30);
    assertThat(at(manifests.container(), "livenessProbe.failureThreshold")).isEqualTo(6);
    assertThat(at(manifests.container(), "startupProbe.failureThreshold")).isEqualTo(60);
  }
}

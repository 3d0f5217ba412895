package io.tokentropy.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.marcnuri.helm.Helm;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The chart: linted, rendered over many values, and checked as Kubernetes would. */
class ChartTest {
  private static final Path CHART = Path.of("helm/tokentropy");
  private static final String KEYS = "auth.existingSecret=keys";

  /** What checks each kind strictly; others come from operators and are only rendered. */
  private interface Check {
    void accept(JsonElement manifest) throws IOException;
  }

  private static final Map<String, Check> KINDS =
      Map.of(
          "Deployment", V1Deployment::validateJsonElement,
          "Service", V1Service::validateJsonElement,
          "ServiceAccount", V1ServiceAccount::validateJsonElement,
          "ConfigMap", V1ConfigMap::validateJsonElement,
          "Pod", V1Pod::validateJsonElement,
          "PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "NetworkPolicy", V1NetworkPolicy::validateJsonElement,
          "HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement,
          "ServiceMonitor", manifest -> {},
          "PrometheusRule", manifest -> {});

  private static String render(String... values) {
    var template =
        new Helm(CHART)
            .template()
            .withName("release")
            .withNamespace("space")
            .withKubeVersion("1.31.0");
    for (String value : values) {
      int equals = value.indexOf('=');
      template.set(value.substring(0, equals), value.substring(equals + 1));
    }
    return template.call();
  }

  private static List<Map<String, Object>> manifests(String rendered) {
    var all = new ArrayList<Map<String, Object>>();
    for (Object document : new Yaml().loadAll(rendered)) {
      if (document instanceof Map<?, ?> map) {
        var manifest = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> manifest.put(String.valueOf(key), value));
        all.add(manifest);
      }
    }
    return all;
  }

  /** The value at a path of names and indices, as in {@code spec.template.0}. */
  private static Object at(Object value, String path) {
    Object found = value;
    for (String name : path.split("\\.")) {
      found =
          found instanceof List<?> list
              ? list.get(Integer.parseInt(name))
              : found instanceof Map<?, ?> map ? map.get(name.replace('|', '.')) : null;
    }
    return found;
  }

  private static Map<String, Object> only(List<Map<String, Object>> all, String kind) {
    List<Map<String, Object>> found =
        all.stream().filter(manifest -> kind.equals(manifest.get("kind"))).toList();
    assertThat(found).as(kind).hasSize(1);
    return found.getFirst();
  }

  @Test
  void theChartIsClean() {
    assertThat(new Helm(CHART).lint().strict().call().isFailed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth.existingSecret=keys",
        "auth.mode=none",
        "auth.mode=jwt auth.jwt.issuer=https://i auth.jwt.audience=a auth.jwt.jwksUri=https://i/k",
        "auth.mode=none replicaCount=1",
        "auth.mode=none image.tag=1.2.3",
        "auth.mode=none image.repository=registry.example/t image.pullPolicy=Always",
        "auth.mode=none"
            + " image.digest=sha256:0000000000000000000000000000000000000000000000000000000000000000",
        "auth.mode=none autoscaling.enabled=true",
        "auth.mode=none autoscaling.enabled=true autoscaling.queueDepth=4",
        "auth.mode=none podDisruptionBudget.enabled=false",
        "auth.mode=none networkPolicy.enabled=true",
        "auth.mode=none networkPolicy.enabled=true"
            + " networkPolicy.ingressFrom[0].podSelector.matchLabels.app=engine",
        "auth.mode=none networkPolicy.enabled=true networkPolicy.egressTo[0].ports[0].port=443",
        "auth.mode=none serviceMonitor.enabled=true",
        "auth.existingSecret=keys serviceMonitor.enabled=true"
            + " serviceMonitor.labels.release=prometheus",
        "auth.mode=none prometheusRule.enabled=true",
        "auth.mode=none dashboards.enabled=true",
        "auth.mode=none service.type=LoadBalancer service.port=8080",
        "auth.mode=none settings.TOKENTROPY_MAX_ROWS=64 settings.TOKENTROPY_EMBEDDINGS_BACKEND=off",
        "auth.mode=none podLabels.team=inference podAnnotations.note=x",
        "auth.mode=none nodeSelector.zone=a tolerations[0].operator=Exists",
        "auth.mode=none topologySpread=false priorityClassName=high",
        "auth.mode=none resources.limits.memory=2Gi resources.requests.cpu=2",
        "auth.mode=none fullnameOverride=other nameOverride=name",
        "auth.existingSecret=keys autoscaling.enabled=true networkPolicy.enabled=true"
            + " serviceMonitor.enabled=true prometheusRule.enabled=true dashboards.enabled=true",
      })
  void everySetOfValuesRendersWhatKubernetesTakes(String values) throws IOException {
    String[] sets = values.split(" ");
    String rendered = render(sets);
    assertThat(render(sets)).as("rendering is deterministic").isEqualTo(rendered);
    List<Map<String, Object>> all = manifests(rendered);
    var gson = new Gson();
    for (Map<String, Object> manifest : all) {
      Check check = KINDS.get(String.valueOf(manifest.get("kind")));
      assertThat(check).as("a check for " + manifest.get("kind")).isNotNull();
      check.accept(gson.toJsonTree(manifest));
    }
    Map<String, Object> deployment = only(all, "Deployment");
    restricted(deployment);
    wired(all, deployment);
    boolean scaled = values.contains("autoscaling.enabled=true");
    assertThat(at(deployment, "spec.replicas") == null).isEqualTo(scaled);
  }

  /** The restricted Pod Security Standard, and what it does not ask for. */
  private static void restricted(Map<String, Object> deployment) {
    Object pod = at(deployment, "spec.template.spec");
    Object container = at(pod, "containers.0");
    assertThat(at(pod, "automountServiceAccountToken")).isEqualTo(false);
    assertThat(at(pod, "securityContext.runAsNonRoot")).isEqualTo(true);
    assertThat(at(pod, "securityContext.seccompProfile.type")).isEqualTo("RuntimeDefault");
    assertThat(at(container, "securityContext.allowPrivilegeEscalation")).isEqualTo(false);
    assertThat(at(container, "securityContext.readOnlyRootFilesystem")).isEqualTo(true);
    assertThat(at(container, "securityContext.capabilities.drop")).isEqualTo(List.of("ALL"));
    assertThat(String.valueOf(at(container, "image")))
        .matches(".+(:|@sha256:).+")
        .doesNotEndWith(":latest");
    assertThat(at(container, "resources.limits.memory")).isNotNull();
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      assertThat(at(container, probe + ".httpGet.port")).as(probe).isEqualTo("http");
    }
    assertThat(at(container, "lifecycle.preStop.exec.command")).isNotNull();
    assertThat(at(container, "env").toString()).contains("TOKENTROPY_AUTH_MODE");
  }

  /** Selectors find the pods, port names exist, mounts have volumes. */
  private static void wired(List<Map<String, Object>> all, Map<String, Object> deployment) {
    Object labels = at(deployment, "spec.template.metadata.labels");
    Map<?, ?> podLabels = (Map<?, ?>) labels;
    var selectors = new ArrayList<Object>();
    for (Map<String, Object> manifest : all) {
      selectors.add(
          switch (String.valueOf(manifest.get("kind"))) {
            case "Service" -> at(manifest, "spec.selector");
            case "NetworkPolicy" -> at(manifest, "spec.podSelector.matchLabels");
            case "Deployment", "PodDisruptionBudget" -> at(manifest, "spec.selector.matchLabels");
            default -> Map.of();
          });
    }
    for (Object selector : selectors) {
      ((Map<?, ?>) selector)
          .forEach((name, value) -> assertThat(podLabels.get(name)).isEqualTo(value));
    }
    assertThat(at(only(all, "Service"), "spec.ports.0.targetPort"))
        .isEqualTo(at(deployment, "spec.template.spec.containers.0.ports.0.name"));
    var volumes = new TreeSet<String>();
    ((List<?>) at(deployment, "spec.template.spec.volumes"))
        .forEach(volume -> volumes.add(String.valueOf(at(volume, "name"))));
    var mounts = new TreeSet<String>();
    ((List<?>) at(deployment, "spec.template.spec.containers.0.volumeMounts"))
        .forEach(mount -> mounts.add(String.valueOf(at(mount, "name"))));
    assertThat(mounts).isEqualTo(volumes);
    assertThat(at(deployment, "spec.template.spec.serviceAccountName"))
        .isEqualTo(at(only(all, "ServiceAccount"), "metadata.name"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replicaCount=0                | replicaCount
          replicaCount=two              | replicaCount
          auth.mode=password            | auth
          image.tag=latest              | image
          image.digest=sha256:12        | image
          service.port=70000            | service
          autoscaling.cpuUtilization=0  | autoscaling
          settings.LD_PRELOAD=x         | LD_PRELOAD
          replicas=3                    | replicas
          serviceMonitor.interval=often | serviceMonitor
          """)
  void wrongValuesAreRefusedWithTheirPlace(String value, String place) {
    assertThatThrownBy(() -> render(KEYS, value)).hasMessageContaining(place);
  }

  @Test
  void keysWithoutASecretAndTokensWithoutAnIssuerAreRefused() {
    assertThatThrownBy(() -> render("auth.mode=api-key"))
        .hasMessageContaining("auth.existingSecret");
    assertThatThrownBy(() -> render("auth.mode=jwt")).hasMessageContaining("auth.jwt.issuer");
  }

  @Test
  void thePodsOfAnUpgradeAreFoundByTheSameSelector() {
    assertThat(at(only(manifests(render(KEYS)), "Deployment"), "spec.selector.matchLabels"))
        .isEqualTo(
            Map.of(
                "app.kubernetes.io/name", "tokentropy", "app.kubernetes.io/instance", "release"));
  }

  /** The table of the chart's README has every value with its default. */
  @Test
  void theReadmeHasEveryValue() throws IOException {
    String readme = Files.readString(CHART.resolve("README.md"));
    Object values = new Yaml().load(Files.readString(CHART.resolve("values.yaml")));
    var rows = new ArrayList<String>();
    rows("", values, rows);
    for (String row : rows) {
      assertThat(readme).contains(row);
    }
    assertThat(Pattern.compile("^\\| `", Pattern.MULTILINE).matcher(readme).results().count())
        .isEqualTo(rows.size());
  }

  private static void rows(String path, Object value, List<String> rows) {
    if (value instanceof Map<?, ?> map && !map.isEmpty() && !path.endsWith("labels")) {
      map.forEach(
          (name, inner) -> rows(path.isEmpty() ? "" + name : path + "." + name, inner, rows));
    } else {
      rows.add("| `" + path + "` | `" + new Gson().toJson(value) + "` |");
    }
  }
}

package io.tokentropy.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The chart: linted, rendered over many values, and checked as Kubernetes would. */
class ChartTest {
  private static final Path CHART = Path.of("helm/tokentropy");
  private static final String KEYS = "auth.existingSecret=keys";

  /** Checks names and what is required. */
  private interface Check {
    void accept(JsonElement manifest) throws IOException;
  }

  /** What checks a kind: one model knows what is required, the other the types of values. */
  private record Kind(Check names, Class<?> types) {}

  private static final Map<String, Kind> KINDS =
      Map.of(
          "Deployment", new Kind(V1Deployment::validateJsonElement, Deployment.class),
          "Service", new Kind(V1Service::validateJsonElement, Service.class),
          "ServiceAccount", new Kind(V1ServiceAccount::validateJsonElement, ServiceAccount.class),
          "ConfigMap", new Kind(V1ConfigMap::validateJsonElement, ConfigMap.class),
          "Pod", new Kind(V1Pod::validateJsonElement, Pod.class),
          "PodDisruptionBudget",
              new Kind(V1PodDisruptionBudget::validateJsonElement, PodDisruptionBudget.class),
          "NetworkPolicy", new Kind(V1NetworkPolicy::validateJsonElement, NetworkPolicy.class),
          "HorizontalPodAutoscaler",
              new Kind(
                  V2HorizontalPodAutoscaler::validateJsonElement, HorizontalPodAutoscaler.class),
          "ServiceMonitor", new Kind(manifest -> {}, ServiceMonitor.class),
          "PrometheusRule", new Kind(manifest -> {}, PrometheusRule.class));

  /** Refuses a field that the model does not have, instead of keeping it aside. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated member) {
                  return false;
                }
              });

  /** The chart with its test as an ordinary pod: the library does not render hooks. */
  @TempDir private static Path rendered;

  @BeforeAll
  static void hooksAreRenderedToo() throws IOException {
    try (Stream<Path> files = Files.walk(CHART)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = rendered.resolve(CHART.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.writeString(
            copy,
            Files.readString(file)
                .replaceAll(
                    "  annotations:\\n    helm.sh/hook: test\\n    helm.sh/hook-.*\\n", ""));
      }
    }
  }

  private static String render(String... values) {
    var template =
        new Helm(rendered)
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
        "auth.mode=none resources.limits.memory=2Gi resources.requests.memory=2Gi"
            + " resources.requests.cpu=2",
        "auth.mode=none networkPolicy.enabled=true networkPolicy.scrapeFrom=null",
        "auth.mode=none dashboards.enabled=true dashboards.annotations.grafana_folder=LLM",
        "auth.mode=none podDisruptionBudget.maxUnavailable=50% preStopSeconds=10",
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
      Kind kind = KINDS.get(String.valueOf(manifest.get("kind")));
      assertThat(kind).as("a check for " + manifest.get("kind")).isNotNull();
      kind.names().accept(gson.toJsonTree(manifest));
      assertThat(STRICT.convertValue(manifest, kind.types())).isNotNull();
    }
    Map<String, Object> deployment = only(all, "Deployment");
    restricted(at(deployment, "spec.template.spec"));
    restricted(at(only(all, "Pod"), "spec"));
    probed(at(deployment, "spec.template.spec.containers.0"));
    wired(all, deployment);
    reached(all, deployment);
    secretsStaySecret(all);
    boolean scaled = values.contains("autoscaling.enabled=true");
    assertThat(at(deployment, "spec.replicas") == null).isEqualTo(scaled);
  }

  /** The restricted Pod Security Standard, and what it does not ask for. */
  private static void restricted(Object pod) {
    Object container = at(pod, "containers.0");
    assertThat(at(pod, "automountServiceAccountToken")).isEqualTo(false);
    assertThat(at(pod, "securityContext.runAsNonRoot")).isEqualTo(true);
    assertThat(at(pod, "securityContext.runAsUser")).isEqualTo(10001);
    assertThat(at(pod, "securityContext.seccompProfile.type")).isEqualTo("RuntimeDefault");
    for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
      assertThat(at(pod, shared)).isNull();
    }
    assertThat(at(container, "securityContext.allowPrivilegeEscalation")).isEqualTo(false);
    assertThat(at(container, "securityContext.readOnlyRootFilesystem")).isEqualTo(true);
    assertThat(at(container, "securityContext.capabilities.drop")).isEqualTo(List.of("ALL"));
    assertThat(String.valueOf(at(container, "image")))
        .matches(".+(:|@sha256:).+")
        .doesNotEndWith(":latest");
    assertThat(at(container, "resources.limits.memory"))
        .isNotNull()
        .isEqualTo(at(container, "resources.requests.memory"));
    for (Object volume : list(at(pod, "volumes"))) {
      assertThat(((Map<?, ?>) volume).keySet().toString()).doesNotContain("hostPath");
    }
  }

  private static List<?> list(Object value) {
    return value == null ? List.of() : (List<?>) value;
  }

  private static void probed(Object container) {
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      assertThat(at(container, probe + ".httpGet.port")).as(probe).isEqualTo("management");
    }
    assertThat(at(container, "livenessProbe.httpGet.path").toString()).endsWith("/liveness");
    assertThat(at(container, "readinessProbe.httpGet.path").toString()).endsWith("/readiness");
    assertThat(at(container, "lifecycle.preStop.exec.command")).isNotNull();
    assertThat(at(container, "env").toString()).contains("TOKENTROPY_AUTH_MODE");
    var names = new ArrayList<Object>();
    list(at(container, "env")).forEach(variable -> names.add(at(variable, "name")));
    assertThat(names).doesNotHaveDuplicates();
  }

  /** Selectors find the pods and nothing else, and mounts have volumes. */
  private static void wired(List<Map<String, Object>> all, Map<String, Object> deployment) {
    Map<?, ?> podLabels = (Map<?, ?>) at(deployment, "spec.template.metadata.labels");
    Map<?, ?> testLabels = (Map<?, ?>) at(only(all, "Pod"), "metadata.labels");
    for (Map<String, Object> manifest : all) {
      Object selector =
          switch (String.valueOf(manifest.get("kind"))) {
            case "Service" -> at(manifest, "spec.selector");
            case "NetworkPolicy" -> at(manifest, "spec.podSelector.matchLabels");
            case "Deployment", "PodDisruptionBudget" -> at(manifest, "spec.selector.matchLabels");
            default -> null;
          };
      if (selector != null) {
        assertThat(podLabels.entrySet().containsAll(((Map<?, ?>) selector).entrySet())).isTrue();
        assertThat(testLabels.entrySet().containsAll(((Map<?, ?>) selector).entrySet())).isFalse();
      }
    }
    for (Object spread : list(at(deployment, "spec.template.spec.topologySpreadConstraints"))) {
      Map<?, ?> selector = (Map<?, ?>) at(spread, "labelSelector.matchLabels");
      assertThat(podLabels.entrySet().containsAll(selector.entrySet())).isTrue();
    }
    var volumes = new TreeSet<String>();
    list(at(deployment, "spec.template.spec.volumes"))
        .forEach(volume -> volumes.add(String.valueOf(at(volume, "name"))));
    var mounts = new TreeSet<String>();
    list(at(deployment, "spec.template.spec.containers.0.volumeMounts"))
        .forEach(mount -> mounts.add(String.valueOf(at(mount, "name"))));
    assertThat(mounts).isEqualTo(volumes);
    assertThat(at(deployment, "spec.template.spec.serviceAccountName"))
        .isEqualTo(at(only(all, "ServiceAccount"), "metadata.name"));
    all.stream()
        .filter(manifest -> "HorizontalPodAutoscaler".equals(manifest.get("kind")))
        .forEach(
            scaler ->
                assertThat(at(scaler, "spec.scaleTargetRef.name"))
                    .isEqualTo(at(deployment, "metadata.name")));
  }

  /** Port names exist where they are asked for, and the open port does not leave the cluster. */
  private static void reached(List<Map<String, Object>> all, Map<String, Object> deployment) {
    var ports = new TreeMap<Object, Object>();
    list(at(deployment, "spec.template.spec.containers.0.ports"))
        .forEach(port -> ports.put(at(port, "name"), at(port, "containerPort")));
    assertThat(ports).isEqualTo(Map.of("http", 8080, "management", 8081));
    var services = new TreeMap<Object, Map<String, Object>>();
    for (Map<String, Object> manifest : all) {
      if ("Service".equals(manifest.get("kind"))) {
        for (Object port : list(at(manifest, "spec.ports"))) {
          assertThat(ports).containsKey(at(port, "targetPort"));
          services.put(at(port, "name"), manifest);
        }
      }
    }
    assertThat(services).containsOnlyKeys("http", "management");
    assertThat(at(services.get("management"), "spec.type")).isEqualTo("ClusterIP");
    for (Map<String, Object> manifest : all) {
      if ("ServiceMonitor".equals(manifest.get("kind"))) {
        Map<?, ?> selector = (Map<?, ?>) at(manifest, "spec.selector.matchLabels");
        Object port = at(manifest, "spec.endpoints.0.port");
        services.forEach(
            (name, service) -> {
              Map<?, ?> labels = (Map<?, ?>) at(service, "metadata.labels");
              assertThat(labels.entrySet().containsAll(selector.entrySet()))
                  .isEqualTo(name.equals(port));
            });
      }
      if ("NetworkPolicy".equals(manifest.get("kind"))) {
        for (Object rule : list(at(manifest, "spec.ingress"))) {
          list(at(rule, "ports")).forEach(port -> assertThat(ports).containsKey(at(port, "port")));
          assertThat(list(at(rule, "from"))).as("nobody is let in unnamed").isNotEmpty();
        }
      }
    }
    String test = String.valueOf(at(only(all, "Pod"), "spec.containers.0.command"));
    Map<String, Object> api = services.get("http");
    assertThat(test)
        .contains("/dev/tcp/" + at(api, "metadata.name") + "/" + at(api, "spec.ports.0.port"));
  }

  /** What comes from a Secret is referred to; a ConfigMap holds dashboards only. */
  private static void secretsStaySecret(List<Map<String, Object>> all) {
    for (Map<String, Object> manifest : all) {
      assertThat(manifest.get("kind")).isNotEqualTo("Secret");
      if ("ConfigMap".equals(manifest.get("kind"))) {
        ((Map<?, ?>) at(manifest, "data"))
            .forEach(
                (name, text) -> {
                  assertThat(String.valueOf(name)).endsWith(".json");
                  assertThat(new Yaml().<Map<String, Object>>load(String.valueOf(text)))
                      .containsKeys("uid", "panels");
                  assertThat(String.valueOf(text)).hasSizeLessThan(500_000);
                });
      }
    }
  }

  /** The checks see a misspelt field, and a word where a number belongs. */
  @ParameterizedTest
  @CsvSource({
    "ServiceMonitor, spec.endpoints.0, prot, management",
    "PrometheusRule, spec.groups.0, rule, x",
    "Deployment, spec, replicas, eighty",
    "Deployment, spec.template.spec.containers.0, livenessprobe, x",
    "Service, spec.ports.0, port, eighty"
  })
  @SuppressWarnings("unchecked")
  void aWrongManifestIsRefused(String kind, String place, String field, String value) {
    List<Map<String, Object>> all =
        manifests(render(KEYS, "serviceMonitor.enabled=true", "prometheusRule.enabled=true"));
    Map<String, Object> manifest =
        all.stream().filter(one -> kind.equals(one.get("kind"))).findFirst().orElseThrow();
    Class<?> types = KINDS.get(kind).types();
    assertThat(STRICT.convertValue(manifest, types)).isNotNull();
    ((Map<String, Object>) at(manifest, place)).put(field, value);
    assertThatThrownBy(() -> STRICT.convertValue(manifest, types)).hasMessageContaining(field);
  }

  @Test
  void aSettingFromASecretIsAReference() {
    List<Map<String, Object>> all =
        manifests(
            render(
                KEYS,
                "settingsFromSecrets.TOKENTROPY_EMBEDDINGS_API_KEY.name=embeddings",
                "settingsFromSecrets.TOKENTROPY_EMBEDDINGS_API_KEY.key=key"));
    Object env = at(only(all, "Deployment"), "spec.template.spec.containers.0.env");
    assertThat(new ArrayList<Object>(list(env)))
        .contains(
            Map.of(
                "name",
                "TOKENTROPY_EMBEDDINGS_API_KEY",
                "valueFrom",
                Map.of("secretKeyRef", Map.of("name", "embeddings", "key", "key"))));
  }

  @Test
  void alertsLeadToTheRunbookOfTheValues() {
    String rendered =
        render(KEYS, "prometheusRule.enabled=true", "prometheusRule.runbook=https://wiki/ops");
    assertThat(rendered)
        .contains("runbook_url: https://wiki/ops#tokentropydown")
        .doesNotContain("src/docs/operations.md");
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
          settings.SERVER_PORT=9        | SERVER_PORT
          settings.TOKENTROPY_EMBEDDINGS_API_KEY=x | TOKENTROPY_EMBEDDINGS_API_KEY
          resources.limits.memory=much  | resources
          podDisruptionBudget.maxUnavailable=0 | podDisruptionBudget
          networkPolicy.scrapeFrom=all  | networkPolicy
          """)
  void wrongValuesAreRefusedWithTheirPlace(String value, String place) {
    assertThatThrownBy(() -> render(KEYS, value)).hasMessageContaining(place);
  }

  @Test
  void valuesThatDoNotGoTogetherAreRefused() {
    assertThatThrownBy(() -> render("auth.mode=api-key"))
        .hasMessageContaining("auth.existingSecret");
    assertThatThrownBy(() -> render(KEYS, "terminationGracePeriodSeconds=20"))
        .hasMessageContaining("terminationGracePeriodSeconds");
    assertThatThrownBy(() -> render(KEYS, "autoscaling.enabled=true", "autoscaling.minReplicas=20"))
        .hasMessageContaining("autoscaling.minReplicas");
    assertThatThrownBy(() -> render("auth.mode=jwt")).hasMessageContaining("auth.jwt.issuer");
  }

  @Test
  void thePodsOfAnUpgradeAreFoundByTheSameSelector() {
    assertThat(at(only(manifests(render(KEYS)), "Deployment"), "spec.selector.matchLabels"))
        .isEqualTo(
            Map.of(
                "app.kubernetes.io/name", "tokentropy", "app.kubernetes.io/instance", "release"));
  }

  private static final Pattern KEY = Pattern.compile("( *)(\\w+):.*");

  /** The table of the chart's README is made from the values and the comments above them. */
  @Test
  void theReadmeHasEveryValue() throws IOException {
    Path file = CHART.resolve("values.yaml");
    var meanings = new LinkedHashMap<String, String>();
    var path = new ArrayList<String>();
    String comment = "";
    for (String line : Files.readAllLines(file)) {
      Matcher key = KEY.matcher(line);
      if (line.strip().startsWith("#")) {
        comment = (comment + " " + line.strip().substring(1).strip()).strip();
      } else if (key.matches() && key.group(1).length() / 2 <= path.size()) {
        int depth = key.group(1).length() / 2;
        path.subList(depth, path.size()).clear();
        path.add(key.group(2));
        meanings.put(String.join(".", path), comment);
        comment = "";
      } else if (line.isBlank()) {
        comment = "";
      }
    }
    Map<?, ?> values = new Yaml().load(Files.readString(file));
    var rows = new ArrayList<String>();
    rows("", values, meanings, rows);
    String readme = Files.readString(CHART.resolve("README.md"));
    String expected =
        readme.substring(0, readme.indexOf("| value |"))
            + "| value | default | meaning |\n|---|---|---|\n"
            + String.join("", rows);
    Files.writeString(Path.of("target/chart-readme.md"), expected);
    assertThat(readme).as("target/chart-readme.md is what it should be").isEqualTo(expected);
  }

  private static void rows(
      String path, Object value, Map<String, String> meanings, List<String> rows) {
    if (value instanceof Map<?, ?> map && !map.isEmpty() && !path.endsWith("labels")) {
      map.forEach(
          (name, inner) ->
              rows(path.isEmpty() ? "" + name : path + "." + name, inner, meanings, rows));
    } else {
      String meaning = "";
      for (String above = path; meaning.isEmpty() && !above.isEmpty(); ) {
        meaning = meanings.getOrDefault(above, "");
        above = above.substring(0, Math.max(0, above.lastIndexOf('.')));
      }
      String json = new GsonBuilder().disableHtmlEscaping().create().toJson(value);
      rows.add("| `" + path + "` | `" + json + "` | " + meaning + " |\n");
    }
  }

  @Test
  void everyValueIsInTheSchemaAndTheReverse() throws IOException {
    Map<?, ?> values = new Yaml().load(Files.readString(CHART.resolve("values.yaml")));
    Map<?, ?> schema = new Yaml().load(Files.readString(CHART.resolve("values.schema.json")));
    assertThat(schema.get("additionalProperties")).isEqualTo(false);
    Map<?, ?> properties = (Map<?, ?>) schema.get("properties");
    var known = new TreeSet<Object>(properties.keySet());
    // Helm itself puts this in for subcharts.
    known.remove("global");
    assertThat(known).isEqualTo(new TreeSet<Object>(values.keySet()));
    closed("", properties);
  }

  /** An object either lists its fields and has no others, or says of what kind its values are. */
  private static void closed(String path, Map<?, ?> properties) {
    properties.forEach(
        (name, value) -> {
          Map<?, ?> schema = (Map<?, ?>) value;
          if ("object".equals(schema.get("type")) && schema.containsKey("properties")) {
            assertThat(schema.get("additionalProperties")).as(path + name).isEqualTo(false);
            closed(path + name + ".", (Map<?, ?>) schema.get("properties"));
          }
        });
  }
}

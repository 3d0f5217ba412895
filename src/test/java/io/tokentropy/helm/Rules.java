package io.tokentropy.helm;

import static io.tokentropy.helm.Manifests.at;
import static io.tokentropy.helm.Manifests.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.yaml.snakeyaml.Yaml;

/** What holds for everything that the chart renders, whatever the values. */
record Rules(Manifests manifests) {
  private static final String LABEL = "([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?";
  private static final String SERVICE_NAME = "[a-z]([-a-z0-9]{0,61}[a-z0-9])?";
  private static final String OBJECT_NAME = "[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?";
  private static final String IMAGE =
      "[a-z0-9._/:-]+(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})";

  void check() {
    named();
    pod(at(manifests.deployment(), "spec.template.spec"));
    pod(at(manifests.only(Pod.class), "spec"));
    probed();
    selected();
    mounted();
    reached();
    routed();
    secretsStaySecret();
  }

  /** Names and labels are such as Kubernetes takes, and no name stands twice. */
  private void named() {
    var names = new HashSet<String>();
    for (Map<String, Object> manifest : manifests.all()) {
      String name = String.valueOf(at(manifest, "metadata.name"));
      boolean service = "Service".equals(manifest.get("kind"));
      assertThat(name).matches(service ? SERVICE_NAME : OBJECT_NAME);
      assertThat(names.add(manifest.get("kind") + "/" + name)).as(name).isTrue();
      labels(at(manifest, "metadata.labels"));
      labels(at(manifest, "spec.template.metadata.labels"));
      labels(at(manifest, "spec.selector.matchLabels"));
    }
  }

  private static void labels(Object labels) {
    if (labels instanceof Map<?, ?> map) {
      map.values().forEach(label -> assertThat((String) label).matches(LABEL));
    }
  }

  private static void pod(Object pod) {
    assertThat(at(pod, "automountServiceAccountToken")).isEqualTo(false);
    assertThat(at(pod, "enableServiceLinks")).isEqualTo(false);
    for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
      assertThat(at(pod, shared)).isNull();
    }
    assertThat((String) at(pod, "containers.0.image")).matches(IMAGE).doesNotEndWith(":latest");
    assertThat(at(pod, "containers.0.resources.limits.memory"))
        .isNotNull()
        .isEqualTo(at(pod, "containers.0.resources.requests.memory"));
  }

  private void probed() {
    Object container = manifests.container();
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      assertThat(at(container, probe + ".httpGet.port")).as(probe).isEqualTo("management");
    }
    assertThat((String) at(container, "livenessProbe.httpGet.path")).endsWith("/liveness");
    assertThat((String) at(container, "readinessProbe.httpGet.path")).endsWith("/readiness");
    assertThat((String) at(container, "startupProbe.httpGet.path")).endsWith("/readiness");
    assertThat(at(container, "lifecycle.preStop.exec.command")).isNotNull();
    var names = new ArrayList<Object>();
    list(container, "env").forEach(variable -> names.add(at(variable, "name")));
    assertThat(names).contains("TOKENTROPY_AUTH_MODE").doesNotHaveDuplicates();
  }

  /** Selectors find the pods and nothing else. */
  private void selected() {
    Map<?, ?> pods = (Map<?, ?>) at(manifests.deployment(), "spec.template.metadata.labels");
    Map<?, ?> test = (Map<?, ?>) at(manifests.only(Pod.class), "metadata.labels");
    for (Map<String, Object> manifest : manifests.all()) {
      Object selector =
          switch (String.valueOf(manifest.get("kind"))) {
            case "Service" -> at(manifest, "spec.selector");
            case "NetworkPolicy" -> at(manifest, "spec.podSelector.matchLabels");
            case "Deployment", "PodDisruptionBudget" -> at(manifest, "spec.selector.matchLabels");
            default -> null;
          };
      if (selector != null) {
        assertThat(pods.entrySet().containsAll(((Map<?, ?>) selector).entrySet())).isTrue();
        assertThat(test.entrySet().containsAll(((Map<?, ?>) selector).entrySet())).isFalse();
      }
    }
    for (Object spread :
        list(manifests.deployment(), "spec.template.spec.topologySpreadConstraints")) {
      Map<?, ?> selector = (Map<?, ?>) at(spread, "labelSelector.matchLabels");
      assertThat(pods.entrySet().containsAll(selector.entrySet())).isTrue();
    }
    for (Map<String, Object> scaler : manifests.of(HorizontalPodAutoscaler.class)) {
      assertThat(at(scaler, "spec.scaleTargetRef.name"))
          .isEqualTo(at(manifests.deployment(), "metadata.name"));
    }
    for (Map<String, Object> account : manifests.of(ServiceAccount.class)) {
      assertThat(at(manifests.deployment(), "spec.template.spec.serviceAccountName"))
          .isEqualTo(at(account, "metadata.name"));
    }
  }

  /** Every mount has its volume, every volume is mounted, and no place is taken twice. */
  private void mounted() {
    var volumes = new TreeSet<String>();
    for (Object volume : list(manifests.deployment(), "spec.template.spec.volumes")) {
      assertThat(volumes.add((String) at(volume, "name"))).isTrue();
      assertThat(at(volume, "hostPath")).isNull();
    }
    var mounts = new TreeSet<String>();
    var places = new HashSet<Object>();
    for (Object mount : list(manifests.container(), "volumeMounts")) {
      mounts.add((String) at(mount, "name"));
      assertThat(places.add(at(mount, "mountPath"))).isTrue();
    }
    assertThat(mounts).isEqualTo(volumes);
  }

  private TreeMap<Object, Object> ports() {
    var ports = new TreeMap<Object, Object>();
    list(manifests.container(), "ports")
        .forEach(port -> ports.put(at(port, "name"), at(port, "containerPort")));
    return ports;
  }

  private TreeMap<Object, Map<String, Object>> services() {
    var services = new TreeMap<Object, Map<String, Object>>();
    for (Map<String, Object> manifest : manifests.of(Service.class)) {
      for (Object port : list(manifest, "spec.ports")) {
        assertThat(ports()).containsKey(at(port, "targetPort"));
        services.put(at(port, "name"), manifest);
      }
    }
    return services;
  }

  /** Port names exist where they are asked for, and the open port does not leave the cluster. */
  private void reached() {
    assertThat(ports()).containsOnlyKeys("http", "management");
    var services = services();
    assertThat(services).containsOnlyKeys("http", "management");
    assertThat(at(services.get("management"), "spec.type")).isEqualTo("ClusterIP");
    for (String families : List.of("spec.ipFamilyPolicy", "spec.ipFamilies")) {
      assertThat(at(services.get("management"), families))
          .isEqualTo(at(services.get("http"), families));
    }
    for (Map<String, Object> monitor : manifests.of(ServiceMonitor.class)) {
      Map<?, ?> selector = (Map<?, ?>) at(monitor, "spec.selector.matchLabels");
      services.forEach(
          (name, service) -> {
            Map<?, ?> labels = (Map<?, ?>) at(service, "metadata.labels");
            assertThat(labels.entrySet().containsAll(selector.entrySet()))
                .isEqualTo(name.equals(at(monitor, "spec.endpoints.0.port")));
          });
    }
    for (Map<String, Object> policy : manifests.of(NetworkPolicy.class)) {
      for (Object rule : list(policy, "spec.ingress")) {
        list(rule, "ports").forEach(port -> assertThat(ports()).containsKey(at(port, "port")));
        assertThat(list(rule, "from")).as("nobody is let in unnamed").isNotEmpty();
      }
    }
    Map<String, Object> api = services.get("http");
    assertThat(String.valueOf(at(manifests.only(Pod.class), "spec.containers.0.command")))
        .contains("/dev/tcp/" + at(api, "metadata.name") + "/" + at(api, "spec.ports.0.port"));
  }

  /** What leads in from outside leads to the API, never to the management port. */
  private void routed() {
    Map<String, Object> api = services().get("http");
    var backends = new ArrayList<Object>();
    for (Map<String, Object> ingress : manifests.of(Ingress.class)) {
      for (Object rule : list(ingress, "spec.rules")) {
        for (Object path : list(rule, "http.paths")) {
          Object backend = at(path, "backend.service");
          assertThat(at(backend, "port.name")).isEqualTo("http");
          backends.add(at(backend, "name"));
        }
      }
      assertThat(backends).isNotEmpty();
    }
    for (Map<String, Object> route : manifests.of(HTTPRoute.class)) {
      for (Object rule : list(route, "spec.rules")) {
        for (Object backend : list(rule, "backendRefs")) {
          assertThat(at(backend, "port")).isEqualTo(at(api, "spec.ports.0.port"));
          backends.add(at(backend, "name"));
        }
      }
      assertThat(backends).isNotEmpty();
    }
    assertThat(backends).allMatch(name -> name.equals(at(api, "metadata.name")));
  }

  /** A Secret holds hashes of keys and is mounted; a ConfigMap holds dashboards only. */
  private void secretsStaySecret() {
    for (Map<String, Object> secret : manifests.of(Secret.class)) {
      assertThat((Map<?, ?>) secret.get("stringData")).hasSize(1);
      assertThat((String) at(secret, "stringData.keys")).matches("([0-9a-f]{64}\n)+");
      assertThat(at(manifests.deployment(), "spec.template.spec.volumes").toString())
          .contains("secretName=" + at(secret, "metadata.name") + "}");
    }
    for (Map<String, Object> dashboard : manifests.of(ConfigMap.class)) {
      ((Map<?, ?>) dashboard.get("data"))
          .forEach(
              (name, text) -> {
                assertThat((String) name).endsWith(".json");
                assertThat(new Yaml().<Map<String, Object>>load((String) text))
                    .containsKeys("uid", "panels");
                assertThat((String) text).hasSizeLessThan(500_000);
              });
    }
  }

  /** The restricted Pod Security Standard, and no uid, so that a cluster may assign one. */
  void checkRestricted() {
    for (Object pod :
        List.of(
            at(manifests.deployment(), "spec.template.spec"),
            at(manifests.only(Pod.class), "spec"))) {
      assertThat(at(pod, "securityContext.runAsNonRoot")).isEqualTo(true);
      assertThat(at(pod, "securityContext.runAsUser")).isNull();
      assertThat(at(pod, "securityContext.fsGroup")).isNull();
      assertThat(at(pod, "securityContext.seccompProfile.type")).isEqualTo("RuntimeDefault");
      Object container = at(pod, "containers.0.securityContext");
      assertThat(at(container, "allowPrivilegeEscalation")).isEqualTo(false);
      assertThat(at(container, "readOnlyRootFilesystem")).isEqualTo(true);
      assertThat(at(container, "capabilities.drop")).isEqualTo(List.of("ALL"));
      assertThat(at(container, "capabilities.add")).isNull();
    }
  }
}

package io.tokentropy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** What was rendered, a map for each object of Kubernetes. */
record Manifests(List<Map<String, Object>> all) {
  /** Checks names and what is required. */
  private interface Check {
    void accept(JsonElement manifest) throws IOException;
  }

  /** What checks a kind: one model knows what is required, the other the types of values. */
  private record Kind(Check names, Class<?> types) {}

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("Deployment", new Kind(V1Deployment::validateJsonElement, Deployment.class)),
          Map.entry("Service", new Kind(V1Service::validateJsonElement, Service.class)),
          Map.entry("Secret", new Kind(V1Secret::validateJsonElement, Secret.class)),
          Map.entry(
              "ServiceAccount",
              new Kind(V1ServiceAccount::validateJsonElement, ServiceAccount.class)),
          Map.entry("ConfigMap", new Kind(V1ConfigMap::validateJsonElement, ConfigMap.class)),
          Map.entry("Pod", new Kind(V1Pod::validateJsonElement, Pod.class)),
          Map.entry("Ingress", new Kind(V1Ingress::validateJsonElement, Ingress.class)),
          Map.entry("HTTPRoute", new Kind(manifest -> {}, HTTPRoute.class)),
          Map.entry(
              "PodDisruptionBudget",
              new Kind(V1PodDisruptionBudget::validateJsonElement, PodDisruptionBudget.class)),
          Map.entry(
              "NetworkPolicy", new Kind(V1NetworkPolicy::validateJsonElement, NetworkPolicy.class)),
          Map.entry(
              "HorizontalPodAutoscaler",
              new Kind(
                  V2HorizontalPodAutoscaler::validateJsonElement, HorizontalPodAutoscaler.class)),
          Map.entry("ServiceMonitor", new Kind(manifest -> {}, ServiceMonitor.class)),
          Map.entry("PrometheusRule", new Kind(manifest -> {}, PrometheusRule.class)));

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

  static Manifests of(String rendered) {
    var all = new ArrayList<Map<String, Object>>();
    for (Object document : new Yaml().loadAll(rendered)) {
      if (document instanceof Map<?, ?> map) {
        var manifest = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> manifest.put(String.valueOf(key), value));
        all.add(manifest);
      }
    }
    return new Manifests(all);
  }

  /** The value at a path of names and indices, as in {@code spec.template.0}; null if not there. */
  static Object at(Object value, String path) {
    Object found = value;
    for (String name : path.split("\\.")) {
      found =
          found instanceof List<?> list
              ? list.get(Integer.parseInt(name))
              : found instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return found;
  }

  /** The list at a path; empty if not there. */
  static List<?> list(Object value, String path) {
    return at(value, path) instanceof List<?> list ? list : List.of();
  }

  List<Map<String, Object>> of(Class<?> kind) {
    return all.stream()
        .filter(manifest -> kind.getSimpleName().equals(manifest.get("kind")))
        .toList();
  }

  Map<String, Object> only(Class<?> kind) {
    assertThat(of(kind)).as(kind.getSimpleName()).hasSize(1);
    return of(kind).getFirst();
  }

  Map<String, Object> deployment() {
    return only(Deployment.class);
  }

  /** The container of the service. */
  Object container() {
    return at(deployment(), "spec.template.spec.containers.0");
  }

  /** Fails if Kubernetes would not take one of them as it stands. */
  void validate() throws IOException {
    for (Map<String, Object> manifest : all) {
      validate(manifest);
    }
  }

  static void validate(Map<String, Object> manifest) throws IOException {
    Kind kind = KINDS.get(String.valueOf(manifest.get("kind")));
    assertThat(kind).as("a check for " + manifest.get("kind")).isNotNull();
    kind.names().accept(new Gson().toJsonTree(manifest));
    assertThat(STRICT.convertValue(manifest, kind.types())).isNotNull();
  }
}

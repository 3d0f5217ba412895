package io.tokentropy.web.page;

import io.tokentropy.endpoint.Limit;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.json.DidYouMean;
import io.tokentropy.web.call.Limits;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.stereotype.Component;

/**
 * The environment variables that are settings, as the code binds them, and those that look like one
 * and are not: a misspelt limit would otherwise be the default in silence.
 */
@Component
class Settings {
  private static final Logger LOG = LoggerFactory.getLogger(Settings.class);
  private static final String OURS = "TOKENTROPY_";

  private final List<Warning> warnings;

  Settings(ApplicationContext context, ConfigurableEnvironment environment, Limits limits) {
    PropertySource<?> variables =
        environment
            .getPropertySources()
            .get(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
    String[] names =
        variables instanceof EnumerablePropertySource<?> all
            ? all.getPropertyNames()
            : new String[0];
    warnings = unknown(Stream.of(names), known(context, limits));
    warnings.forEach(warning -> LOG.warn("{}", warning.message()));
  }

  /** What is to be said of the variables of this process. */
  List<Warning> warnings() {
    return warnings;
  }

  /** Every variable of ours that is read: each limit, and each component of a bound record. */
  static Set<String> known(ApplicationContext context, Limits limits) {
    var known = new TreeSet<String>();
    limits.all().stream().map(Limit::setting).forEach(known::add);
    for (ConfigurationPropertiesBean bean : ConfigurationPropertiesBean.getAll(context).values()) {
      String prefix = variable(bean.getAnnotation().prefix());
      if ((prefix + "_").startsWith(OURS)) {
        add(prefix, bean.asBindTarget().getType().resolve(Object.class), known);
      }
    }
    return known;
  }

  private static void add(String prefix, Class<?> type, Set<String> known) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = prefix + "_" + variable(component.getName());
      if (component.getType().isRecord()) {
        add(name, component.getType(), known);
      } else {
        known.add(name);
      }
    }
  }

  /** {@code apiKeysFile} and {@code api-keys-file} are {@code API_KEYS_FILE}. */
  private static String variable(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("[.-]", "_")
        .toUpperCase(Locale.ROOT);
  }

  /**
   * A warning for each name that begins as ours do and is none. Elements of a list have a number at
   * the end; what Kubernetes sets for a Service called {@code tokentropy} is not ours.
   */
  static List<Warning> unknown(Stream<String> names, Set<String> known) {
    List<String> own = known.stream().map(name -> name.substring(OURS.length())).toList();
    return names
        .filter(name -> name.startsWith(OURS))
        .filter(name -> !name.startsWith(OURS + "SERVICE_") && !name.matches(OURS + "PORT(_.*)?"))
        .filter(name -> !known.contains(name.replaceAll("(_[0-9]+_?)$", "")))
        .sorted()
        .map(
            name ->
                Warning.of(
                    "unknown_setting",
                    name
                        + " is not a setting"
                        + DidYouMean.nearest(name.substring(OURS.length()), own)
                            .map(meant -> "; did you mean " + OURS + meant + "?")
                            .orElse("")))
        .toList();
  }
}

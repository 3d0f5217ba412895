package io.tokentropy.web.page;

import io.tokentropy.endpoint.Limit;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.json.DidYouMean;
import io.tokentropy.web.call.Limits;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.context.ApplicationContext;
import org.springframework.core.ResolvableType;
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

  /** Stands in a known variable for a name that whoever configures it gives. */
  private static final String NAME = "<NAME>";

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
      } else if (component.getType() == Map.class) {
        add(name + "_" + NAME, valueOf(component), known);
      } else {
        known.add(name);
      }
    }
  }

  /** Of what the entries of a map are. */
  private static Class<?> valueOf(RecordComponent map) {
    return ResolvableType.forType(map.getGenericType()).getGeneric(1).resolve(Object.class);
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
    return names
        .filter(name -> name.startsWith(OURS))
        .filter(name -> !name.startsWith(OURS + "SERVICE_") && !name.matches(OURS + "PORT(_.*)?"))
        .filter(name -> !isKnown(name, known))
        .sorted()
        .map(
            name ->
                Warning.of("unknown_setting", name + " is not a setting" + suggestion(name, known)))
        .toList();
  }

  private static boolean isKnown(String name, Set<String> known) {
    return Stream.of(name, name.replaceAll("(_[0-9]+_?)$", ""))
        .anyMatch(each -> known.contains(each) || known.contains(general(each, known)));
  }

  /** A variable with {@link #NAME} in place of the name in it, if it begins as such ones do. */
  private static String general(String name, Set<String> known) {
    for (String each : known) {
      int at = each.indexOf(NAME);
      if (at > 0 && name.startsWith(each.substring(0, at))) {
        return each.substring(0, at) + name.substring(at).replaceFirst("^[A-Z0-9]+", NAME);
      }
    }
    return name;
  }

  private static String suggestion(String name, Set<String> known) {
    List<String> own = known.stream().map(each -> each.substring(OURS.length())).toList();
    String general = general(name, known);
    int at = general.indexOf(NAME);
    String given = at < 0 ? NAME : name.substring(at).replaceFirst("_.*", "");
    return DidYouMean.nearest(general.substring(OURS.length()), own)
        .map(meant -> "; did you mean " + OURS + meant.replace(NAME, given) + "?")
        .orElse("");
  }
}

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/** Checks ({@code --check}) or rewrites ({@code --write}) every Java source below {@code src}. */
class Format {
  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("--write");
    var formatter = new Formatter();
    var unformatted = new ArrayList<Path>();
    try (var files = Files.walk(Path.of("src"))) {
      for (Path file :
          (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
        String before = Files.readString(file);
        String after =
            formatter.formatSourceAndFixImports(RemoveUnusedImports.removeUnusedImports(before));
        if (before.equals(after)) {
          continue;
        }
        if (write) {
          Files.writeString(file, after);
        } else {
          unformatted.add(file);
        }
      }
    }
    if (!unformatted.isEmpty()) {
      System.err.println("Not formatted (mend with: mvn -Pformat process-sources):");
      unformatted.forEach(file -> System.err.println("  " + file));
      System.exit(1);
    }
  }
}

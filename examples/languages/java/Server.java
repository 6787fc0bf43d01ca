// An HTTP server from the JDK: POST /invoke is an event, all else a web request.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Server {
    static final Map<String, String> GREETINGS = Map.of("en", "Hello", "fr", "Bonjour", "zh", "你好");

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv("FC_SERVER_PORT"));
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/invoke", Server::greet);
        server.createContext("/", Server::web);
        server.start();
    }

    static void greet(HttpExchange call) throws IOException {
        String event = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String greeting = GREETINGS.get(found("\"language\"\\s*:\\s*\"([^\"]*)\"", event, "en"));
        String name = found("\"name\"\\s*:\\s*\"([^\"]*)\"", event, "world");
        answer(call, 200, "application/json", "{\"greeting\": \"" + greeting + ", " + name + "!\"}");
    }

    static void web(HttpExchange call) throws IOException {
        String query = call.getRequestURI().getRawQuery() == null ? "" : call.getRequestURI().getRawQuery();
        String language = found("(?:^|&)language=([^&]*)", query, "en");
        String name = URLDecoder.decode(found("(?:^|&)name=([^&]*)", query, "world"), StandardCharsets.UTF_8);
        if (GREETINGS.containsKey(language)) {
            answer(call, 200, "text/plain; charset=utf-8", GREETINGS.get(language) + ", " + name + "!\n");
        } else {
            answer(call, 404, "text/plain", "No greeting in '" + language + "'.\n");
        }
    }

    static String found(String pattern, String text, String otherwise) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? matcher.group(1) : otherwise;
    }

    static void answer(HttpExchange call, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        call.getResponseHeaders().set("Content-Type", type);
        call.sendResponseHeaders(status, body.length);
        call.getResponseBody().write(body);
        call.close();
    }
}

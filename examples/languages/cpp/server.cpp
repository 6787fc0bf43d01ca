// An HTTP server with nothing but the standard library and sockets: POST /invoke is an event, all else a web request.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <string>
#include <thread>

const std::map<std::string, std::string> greetings{{"en", "Hello"}, {"fr", "Bonjour"}, {"zh", "你好"}};

// The value of a string member of a JSON object, if it has no escapes.
std::string member(const std::string& json, const std::string& name, const std::string& otherwise) {
    auto at = json.find('"' + name + '"');
    if (at == std::string::npos) return otherwise;
    auto begin = json.find('"', json.find(':', at)) + 1;
    return json.substr(begin, json.find('"', begin) - begin);
}

std::string decoded(const std::string& text) {
    std::string out;
    for (size_t i = 0; i < text.size(); i++) {
        if (text[i] == '%' && i + 2 < text.size()) {
            out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

std::string parameter(const std::string& target, const std::string& name, const std::string& otherwise) {
    for (const char* mark : {"?", "&"}) {
        auto at = target.find(mark + name + "=");
        if (at == std::string::npos) continue;
        auto begin = at + name.size() + 2;
        return decoded(target.substr(begin, target.find('&', begin) - begin));
    }
    return otherwise;
}

std::string answer(int status, const std::string& type, const std::string& body) {
    return "HTTP/1.1 " + std::to_string(status) + " -\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string respond(const std::string& target, const std::string& body) {
    if (target == "/invoke") {
        auto found = greetings.find(member(body, "language", "en"));
        return answer(200, "application/json",
                      "{\"greeting\": \"" + (found == greetings.end() ? "?" : found->second) + ", " +
                          member(body, "name", "world") + "!\"}");
    }
    auto language = parameter(target, "language", "en");
    auto found = greetings.find(language);
    if (found == greetings.end()) return answer(404, "text/plain", "No greeting in '" + language + "'.\n");
    return answer(200, "text/plain; charset=utf-8", found->second + ", " + parameter(target, "name", "world") + "!\n");
}

void serve(int connection) {
    std::string data;
    char buffer[65536];
    for (ssize_t got; (got = read(connection, buffer, sizeof buffer)) > 0;) {
        data.append(buffer, static_cast<size_t>(got));
        auto end = data.find("\r\n\r\n");
        if (end == std::string::npos) continue;
        auto at = data.find("content-length: ");
        size_t length = at < end ? std::strtoul(data.c_str() + at + 16, nullptr, 10) : 0;
        if (data.size() < end + 4 + length) continue;
        auto first = data.find(' ') + 1;
        auto reply = respond(data.substr(first, data.find(' ', first) - first), data.substr(end + 4, length));
        if (write(connection, reply.data(), reply.size()) < 0) break;
        data.erase(0, end + 4 + length);
    }
    close(connection);
}

int main() {
    int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(std::atoi(std::getenv("FC_SERVER_PORT"))));
    if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) || listen(listener, 64)) return 1;
    for (;;) std::thread(serve, accept(listener, nullptr, nullptr)).detach();
}

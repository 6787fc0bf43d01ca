<?php
// Behind PHP's own server: POST /invoke is an event, all else a web request.
$greetings = ['en' => 'Hello', 'fr' => 'Bonjour', 'zh' => '你好'];

if ($_SERVER['HTTP_X_FC_CONTROL_PATH'] === '/invoke') {
    $event = json_decode(file_get_contents('php://input'), true) ?? [];
    $language = $event['language'] ?? 'en';
    header('Content-Type: application/json');
    echo json_encode(['greeting' => $greetings[$language] . ', ' . ($event['name'] ?? 'world') . '!']);
    return;
}

$language = $_GET['language'] ?? 'en';
header('Content-Type: text/plain; charset=utf-8');
if (!isset($greetings[$language])) {
    http_response_code(404);
    echo "No greeting in '$language'.\n";
} else {
    echo $greetings[$language] . ', ' . ($_GET['name'] ?? 'world') . "!\n";
}

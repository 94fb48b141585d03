// Phrases that speak to a model instead of to people, by what they try and by language. Wide enough
// for the usual wordings, narrow enough that help pages do not meet them.
#include "check/injection_rows.h"

#include <stddef.h>

#define OVERRIDE .rule = "injection.override", .label = "tells its reader to drop what it was told"
#define ROLE .rule = "injection.role", .label = "gives its reader another role"
#define PROMPT .rule = "injection.system-prompt", .label = "speaks of the system prompt"
#define SYNTAX                                                                                     \
    .rule = "injection.chat-syntax", .label = "holds the marks of a chat's turns or tool calls"
#define SECRECY                                                                                    \
    .rule = "injection.secrecy", .label = "tells its reader to keep something from people"

const struct injection_row injection_rows[] = {
    // English
    { OVERRIDE,
      { "ignore", "disregard", "forget", "override", "bypass", "do not follow", "don't follow",
        "stop following" },
      "^(?:ignore|disregard|forget|override|bypass|do not follow|don't follow|stop following) "
      "(?:(?:(?:all|any|of|the|these|those|every|my) )*"
      "(?:(?:previous|prior|above|earlier|preceding|existing|former|initial|original|system|your|"
      "past|foregoing),? (?:and )?)+(?:[a-z]+ )?"
      "(?:instructions?|prompts?|guidelines?|directions?|rules|directives?|commands?|orders|"
      "messages|context|programming|training)"
      "|(?:all|any) (?:of )?(?:the |these |those )?instructions"
      "|(?:everything|anything|all|what) (?:that )?(?:above|you (?:were|have been|are) told|came "
      "before))" },
    { ROLE,
      { "you are now", "you're now" },
      "^you(?:'re| are) now (?:an? (?!(?:member|customer|subscriber|registered|part|user|client|"
      "resident|citizen|verified|valued|proud|shareholder|holder|owner)\\b)|my |the "
      "|acting|playing|"
      "free (?:of|from)|unrestricted|jailbroken|dan\\b|no longer (?:bound|an?\\b)|in [a-z]+ "
      "mode)" },
    { ROLE,
      { "from now on", "pretend", "act as", "you are no longer", "do anything now" },
      "^(?:from now on,? you (?:are |act|answer|respond|speak|obey|only |must (?:answer|act|obey))"
      "|pretend (?:that )?you(?:'re| are) |act as (?:if you |an? (?:unrestricted|uncensored|evil|"
      "different) )|you are no longer (?:bound|restricted|an? (?:assistant|agent|ai|helpful))"
      "|do anything now)" },
    { PROMPT, { "system prompt" }, NULL },
    { PROMPT,
      { "reveal", "repeat", "print", "show", "output", "display", "leak" },
      "^[a-z]+ (?:me )?(?:all )?(?:of )?your (?:(?:full|entire|hidden|initial|original|secret|"
      "internal|exact) )*(?:prompt|instructions)\\b" },
    { SECRECY,
      { "do not", "don't", "never" },
      "^(?:do not|don't|never) (?:ever )?(?:tell|inform|mention|reveal|disclose|say|show|let) "
      "(?:(?:this|it|that|anything|about|of|these|instructions|any) )*(?:to )?the "
      "(?:user|caller|human|person)\\b" },
    // German
    { OVERRIDE,
      { "ignoriere", "vergiss", "vergessen sie", "missachte" },
      "^(?:ignoriere|ignorieren sie|vergiss|vergessen sie|missachten sie|missachte) (?:bitte )?"
      "(?:(?:alle|die|deine|ihre|sämtliche|diese) )*(?:(?:vorherigen|vorigen|bisherigen|obigen|"
      "früheren|vorangegangenen|vorhergehenden|ursprünglichen) (?:[^ ]+ )?)?"
      "(?:anweisungen|instruktionen|befehle|vorgaben)" },
    { ROLE,
      { "du bist", "sie sind", "ab jetzt", "ab sofort" },
      "^(?:(?:du bist|sie sind) (?:jetzt|nun|ab sofort|ab jetzt) (?:eine? (?!kund|mitglied)|mein|"
      "kein)|ab (?:jetzt|sofort) bist du )" },
    { PROMPT, { "systemprompt", "system-prompt" }, NULL },
    // French
    { OVERRIDE,
      { "ignore", "oublie" },
      "^(?:ignorez?|oubliez?) (?:(?:toutes|tous|les|tes|vos|ces) )*(?:instructions|consignes|"
      "directives|règles) (?:précédentes|antérieures|ci-dessus|préalables|initiales)" },
    { ROLE,
      { "tu es", "vous êtes" },
      "^(?:tu es|vous êtes) (?:maintenant|désormais) (?:une? (?!client|membre|abonn)|mon|ma) ?" },
    { PROMPT, { "prompt système" }, NULL },
    // Spanish
    { OVERRIDE,
      { "ignora", "ignore", "olvida", "olvide", "haz caso omiso" },
      "^(?:ignor[ae]|olvid[ae]|haz caso omiso de) (?:(?:todas|todos|las|los|tus|sus|estas) )*"
      "(?:instrucciones|indicaciones|órdenes|reglas) "
      "(?:anteriores|previas|precedentes|iniciales)" },
    { ROLE, { "ahora eres", "a partir de ahora eres" }, NULL },
    { PROMPT, { "prompt del sistema", "prompt de sistema" }, NULL },
    // Portuguese
    { OVERRIDE,
      { "ignore", "ignora", "esque", "desconsidere" },
      "^(?:ignor[ae]|esqueça|esquece|desconsidere) (?:(?:todas|todos|as|os|suas|tuas) )*"
      "(?:instruções|orientações|regras|ordens) "
      "(?:anteriores|prévias|acima|precedentes|iniciais)" },
    { ROLE, { "agora voc" }, "^agora você é (?:uma? (?!cliente|membro)|meu|minha)" },
    { PROMPT, { "prompt do sistema", "prompt de sistema" }, NULL },
    // Italian
    { OVERRIDE,
      { "ignora", "dimentica" },
      "^(?:ignora|ignorate|dimentica) (?:(?:tutte|tutti|le|i|tue|queste) )*"
      "(?:istruzioni|indicazioni|regole) (?:precedenti|sopra|anteriori|iniziali)" },
    // Dutch
    { OVERRIDE,
      { "negeer", "vergeet" },
      "^(?:negeer|vergeet) (?:(?:alle|de|je|jouw|uw) )*(?:vorige|eerdere|voorgaande|bovenstaande) "
      "(?:instructies|opdrachten|regels|aanwijzingen)" },
    // Polish
    { OVERRIDE,
      { "zignoruj", "ignoruj", "zapomnij" },
      "^(?:z?ignoruj|zapomnij)(?: o)? (?:wszystkie )?(?:poprzednie|wcześniejsze|powyższe) "
      "(?:instrukcje|polecenia|zasady)" },
    // Turkish
    { OVERRIDE,
      { "önceki", "Önceki" },
      "^[öÖ]nceki (?:tüm |bütün )?(?:talimatları|yönergeleri|komutları) (?:yok "
      "say|unut|görmezden)" },
    // Russian
    { OVERRIDE,
      { "игнорируй", "Игнорируй", "забудь", "Забудь" },
      "^(?:[иИ]гнорируй|[зЗ]абудь)(?:те)? (?:(?:все|свои|ваши) )*(?:предыдущие|прежние|"
      "вышеуказанные) (?:инструкции|указания|команды|правила)" },
    // Hindi
    { OVERRIDE,
      { "पिछले", "पिछली", "सभी पिछले" },
      "^(?:सभी )?पिछल[ेी] (?:सभी |सारे )?(?:निर्देशों|निर्देश|आदेशों)(?: को)? "
      "(?:अनदेखा|नज़रअंदाज़|नजरअंदाज|भूल)" },
    // Arabic
    { OVERRIDE,
      { "تجاهل" },
      "^تجاهل (?:جميع |كل |كافة )?(?:التعليمات|الأوامر|تعليماتك) (?:السابقة|أعلاه)" },
    // Chinese
    { OVERRIDE,
      { "忽略", "无视", "無視", "忘记", "忘記" },
      "^(?:忽略|无视|無視|忘记|忘記)[^。,，]{0,8}(?:之前|以上|先前|上述|前面|以前|此前)[^。,，]{0,"
      "8}"
      "(?:指令|指示|提示|命令|规则|規則)" },
    { ROLE, { "你现在是", "你現在是", "从现在起你是", "从现在开始你是" }, NULL },
    { PROMPT, { "系统提示词", "系統提示詞" }, NULL },
    // Japanese
    { OVERRIDE,
      { "これまで", "以前の", "上記の", "前の" },
      "^(?:これまで|以前|上記|前)の(?:すべての|全ての|あらゆる)?(?:指示|命令|プロンプト|ルール)"
      "(?:を|は)(?:すべて|全て)?(?:無視|忘れ)" },
    { PROMPT, { "システムプロンプト" }, NULL },
    // Korean
    { OVERRIDE,
      { "이전", "위의" },
      "^(?:이전의?|위의) (?:모든 )?(?:지시|명령|지침)(?:사항)?(?:을|를)? (?:모두 )?(?:무시|잊)" },
    // The marks that chat formats and tool calls are made of
    { SYNTAX,
      { "<|im_start|", "<|im_end|", "<|system|", "<|user|", "<|assistant|", "<|endoftext|",
        "<|start_header_id|", "<|eot_id|", "[inst]", "[/inst]", "<<sys>>", "<</sys>>" },
      NULL },
    { SYNTAX,
      { "<tool_call", "<function_call", "<tool_use", "<tool_result",
        "<invoke name=", "<function=", "[tool_calls]", "<important>", "<system>", "</system>" },
      NULL },
    { SYNTAX, { "\"tool_calls\"", "\"function_call\"" }, "^[^ ]+ ?: ?[\\[{]" },
    { 0 },
};

namespace GitOpsSecrets.Sealing;

/// <summary>Why an object does not open. What would help is different for each, so no two share a kind.</summary>
public enum UnsealFailureKind
{
    /// <summary>Not a sealed value at all: bad base64, too short, too long. Only a new file helps.</summary>
    Malformed,

    /// <summary>Sealed to a kind or size of key that this version does not know.</summary>
    UnsupportedKey,

    /// <summary>The key fits name, namespace and scope, but the value was altered afterwards.</summary>
    Tampered,

    /// <summary>Authentic, but sealed for another scope of the same name and namespace.</summary>
    WrongScope,

    /// <summary>Authentic, but sealed for the name or namespace that the template still carries.</summary>
    WrongName,

    /// <summary>None of the keys opens it: sealed with a key we do not have, or for another name or namespace, or altered.</summary>
    NoKeyMatches,

    /// <summary>The object carries both the legacy <c>data</c> and <c>encryptedData</c>.</summary>
    ConflictingData,

    /// <summary>The object carries the legacy <c>data</c> and the options refuse it.</summary>
    LegacyRefused,

    /// <summary>The object has <c>spec.template.data</c> and no template engine was given.</summary>
    TemplateUnsupported,

    /// <summary>A data template did not parse or did not run.</summary>
    TemplateFailed,

    /// <summary>Finding the keys took more private operations than the options allow.</summary>
    TooCostly,
}

namespace GitOpsSecrets.Providers.Declared;

/// <summary>What stands in a field of a store that a definition reads.</summary>
internal enum InputKind
{
    /// <summary>A text, a number or a truth value.</summary>
    Field,

    /// <summary>A reference to a key of a Secret.</summary>
    Secret,

    /// <summary>A text under <c>value</c>, or a reference under <c>secretRef</c>.</summary>
    Either,

    /// <summary>A reference to a service account, of which a token is requested for each login.</summary>
    ServiceAccount,

    /// <summary>A list of texts.</summary>
    List,

    /// <summary>An object of numbers: its names, in the numbers' order.</summary>
    Ordered,
}

namespace GitOpsSecrets.Providers.Declared;

/// <summary>What is done to a variable before it is written: <c>{name:filter}</c>.</summary>
internal enum PatternFilter
{
    None,

    /// <summary>In a path: slashes stay what they are.</summary>
    Path,

    /// <summary>As base64.</summary>
    Base64,

    /// <summary>Dashes become underscores.</summary>
    Underscore,

    /// <summary>Slashes become backslashes.</summary>
    Backslash,

    /// <summary>Quotation marks and backslashes get a backslash, for expressions that quote.</summary>
    Quoted,

    /// <summary>In a server's address: a host that may have a port.</summary>
    Host,

    /// <summary>In a JSON body: the variable is JSON, and stays it.</summary>
    Json,
}

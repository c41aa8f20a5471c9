namespace GitOpsSecrets.Providers.Declared;

/// <summary>Where a pattern's text goes, which decides how its variables are escaped.</summary>
internal enum PatternPlace
{
    /// <summary>Into something that escapes the whole text itself, or needs no escaping.</summary>
    Plain,

    /// <summary>Into a URL's path: each variable is one segment.</summary>
    Path,

    /// <summary>Into the address of a server: a variable beside other text is part of a host's name.</summary>
    Server,
}

namespace GitOpsSecrets.Controller.External.Announcements;

/// <summary>Whether an event is genuine cannot be told now: a file of keys or the certificates of a service are not there.</summary>
internal sealed class AnnouncementException(string message) : Exception(message);

namespace VoxMake.Models;

/// <summary>A model cannot be made or used as asked; the message is for people: it names the file or the setting, and what was expected.</summary>
public sealed class ModelException(string message, Exception? inner = null) : Exception(message, inner);

using System.Reflection;
using Cake.Core;

namespace VoxMake.Build.Frosting;

/// <summary>A task of the build, as in Cake.Frosting. This folder goes the day that package can be referenced.</summary>
public abstract class FrostingTask<TContext> where TContext : ICakeContext
{
    /// <summary>Its name: the attribute's, else the class's.</summary>
    public string Name => GetType().GetCustomAttribute<TaskNameAttribute>()?.Name ?? GetType().Name;

    /// <summary>One line about it.</summary>
    public string Description => GetType().GetCustomAttribute<TaskDescriptionAttribute>()?.Description ?? "";

    /// <summary>Names of the tasks that run before it.</summary>
    public virtual IEnumerable<string> Dependencies =>
        GetType().GetCustomAttributes<IsDependentOnAttribute>().Select(attribute => attribute.Task.GetCustomAttribute<TaskNameAttribute>()?.Name ?? attribute.Task.Name);

    /// <summary>Does it.</summary>
    public abstract void Run(TContext context);
}
